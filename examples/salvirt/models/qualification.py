"""Qualification: the five tests, from what the seller judged of a deal."""

from dealml import Qualification, QualificationTest, Question, Sign

UNKNOWN = ("Unknown",)

QUALIFICATION = Qualification(
    deal_model="salvirt",
    deals=(
        QualificationTest(
            "sponsor",
            "A sponsor with authority over a budget",
            speaks_for=(
                Sign("we talk to somebody with high authority", "authority", one_of=("High",)),
                Sign("a budget is set aside", "budget", one_of=("Yes",)),
            ),
            speaks_against=(
                Sign("we talk to somebody with low authority", "authority", one_of=("Low",)),
                Sign("no budget is set aside", "budget", one_of=("No",)),
            ),
            questions=(
                Question("authority", "Who decides, and when do we talk to that person?"),
                Question("budget", "Is the money set aside, and until when?", unknown=UNKNOWN),
            ),
            refusal="no budget has been set aside",
        ),
        QualificationTest(
            "pain",
            "A defined need that the buyer wants met",
            speaks_for=(
                Sign("the need is defined", "needs_defined", one_of=("Yes",)),
                Sign("the buyer has spoken well of the offer", "positive_statement", one_of=("Yes",)),
            ),
            speaks_against=(
                Sign("the need is not defined", "needs_defined", one_of=("No", "Poor", "Info gathering")),
                Sign("the buyer has spoken ill of the offer", "positive_statement", one_of=("No",)),
            ),
            questions=(
                Question("needs_defined", "Which problem is to be solved, and what does it cost in a year?", unknown=UNKNOWN),
                Question("positive_statement", "What does the buyer think of the offer, in the buyer's own words?", unknown=("Neutral",)),
            ),
            refusal="the need is not defined well enough to commit to a solution",
        ),
        QualificationTest(
            "position",
            "A position on our strengths",
            speaks_for=(
                Sign("nobody else is after the deal", "competitors", one_of=("No",)),
                Sign("it extends what the client has of us", "up_sale", one_of=("Yes",)),
                Sign("it is in a winning scenario", "winning_scenarios", at_least=1),
            ),
            speaks_against=(
                Sign("competitors are after the deal", "competitors", one_of=("Yes",)),
                Sign("the buyer is no client of ours", "client", one_of=("New", "Past")),
                Sign("it is in a losing scenario", "losing_scenarios", at_least=1),
            ),
            questions=(
                Question("competitors", "Whom else does the buyer look at, and what decides between us?", unknown=UNKNOWN),
                Question("client", "Have we worked for this buyer before?"),
                Question("winning_scenarios", "What of this deal is as in the deals that we win?"),
            ),
            refusal="others are better placed for what matters most to you",
        ),
        QualificationTest(
            "process",
            "A buying process that we can follow",
            speaks_for=(
                Sign("the buyer sent a request for a proposal", "request_for_proposal", one_of=("Yes",)),
                Sign("the purchasing department takes part", "purchasing_department", one_of=("Yes",)),
            ),
            speaks_against=(
                Sign("a formal tender, open to all", "formal_tender", one_of=("Yes",)),
                Sign("no request for a proposal", "request_for_proposal", one_of=("No",)),
            ),
            questions=(
                Question("request_for_proposal", "By which steps and when will the buyer decide?", unknown=UNKNOWN),
                Question("purchasing_department", "Does the purchasing department take part?", unknown=UNKNOWN),
            ),
            refusal="we do not see a way to a decision in which we could be chosen",
        ),
        QualificationTest(
            "fit",
            "A fit with what we do well",
            speaks_for=(
                Sign("the scope is clear", "scope", one_of=("Clear",)),
                Sign("a project or maintenance", "deal_type", one_of=("Project", "Maintenance")),
            ),
            speaks_against=(
                Sign("the scope is open", "scope", one_of=("Low", "Few questions")),
                Sign("a solution made for this buyer, or advice", "deal_type", one_of=("Solution", "Consulting")),
            ),
            questions=(
                Question("scope", "What is in the scope, and what is not?"),
                Question("deal_type", "What would have to be made for this buyer alone?"),
            ),
            refusal="the scope is too open for us to promise a result",
        ),
    ),
)
