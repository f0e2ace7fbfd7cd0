"""Qualification: five tests of each open deal and lead. `dealml qualify` applies them; no model learns from this file.

How many signs must speak for a test, and what is pursued, nurtured or declined, stands in `choosing.toml`.
"""

from dealml import Qualification, QualificationTest, Question, Sign

# Texts of the company's own CRM: write yours here.
TRIGGERS = ("Regulation deadline", "Audit finding", "Funding or merger", "New executive", "System end of life")

QUALIFICATION = Qualification(
    deal_model="deal_win",
    lead_model="lead_conversion",
    deals=(
        QualificationTest(
            "sponsor",
            "An executive sponsor with budget authority",
            speaks_for=(
                Sign("an executive supports us", "executive_depth", at_least=2),
                Sign("the economic buyer supports us", "economic_buyer_depth", at_least=2),
                Sign("the champion is a director or executive", "champion_seniority", at_least=3),
            ),
            speaks_against=(Sign("the champion is at most a manager", "champion_seniority", at_most=2),),
            questions=(
                Question("executive_depth", "Which executive wants this, and did they tell us so themselves?", unknown=(0,)),
                Question("economic_buyer_depth", "Who releases the money, and what do they think of it?", unknown=(0,)),
                Question("champion_seniority", "Who sells this inside the buyer's company when we are not there, and at which level?"),
                Question("budget_set", "Is the money set aside, and until when?", unknown=(0,)),
            ),
            refusal="nobody who decides on the budget has taken up the project",
        ),
        QualificationTest(
            "pain",
            "A confirmed problem with urgency",
            speaks_for=(
                Sign("the buyer confirmed that the problem is worth solving", "problem_confirmed", at_least=1),
                Sign("something set the buyer in motion", "trigger", one_of=TRIGGERS),
            ),
            speaks_against=(
                Sign("nothing set the buyer in motion", "trigger", one_of=("No trigger",)),
                Sign("three or more different problems were named", "problems_named", at_least=3),
            ),
            questions=(
                Question("problem_confirmed", "What does the problem cost the buyer in a year, in the buyer's own numbers?", unknown=(0,)),
                Question("trigger", "Why now: what happens to the buyer if nothing is decided this year?"),
                Question("problem", "Which problem is to be solved?"),
            ),
            refusal="the problem does not seem pressing enough today",
        ),
        QualificationTest(
            "position",
            "A position on our strengths",
            speaks_for=(
                Sign("we win more than usual against this competitor", "competitor_win_lift", at_least=0.02),
                Sign("it is in a winning scenario", "winning_scenarios", at_least=1),
            ),
            speaks_against=(
                Sign("we win less than usual against this competitor", "competitor_win_lift", at_most=-0.02),
                Sign("it is in a losing scenario", "losing_scenarios", at_least=1),
            ),
            questions=(
                Question("competitor", "Whom else does the buyer look at, and what decides between us?"),
                Question("winning_scenarios", "What of this deal is as in the deals that we win?"),
            ),
            refusal="what matters most to you is not where we are strongest",
        ),
        QualificationTest(
            "process",
            "A defined buying process and timeline",
            speaks_for=(
                Sign("the criteria of the decision are agreed", "criteria_agreed", at_least=1),
                Sign("the buyer has set a timeline", "timeline_set", at_least=1),
                Sign("everybody who decides is known", "stakeholders_known", at_least=1),
            ),
            speaks_against=(
                Sign("the close date was pushed twice or more", "pushes", at_least=2),
                Sign("it has stood at its stage twice as long as won deals", "pace_at_stage", at_least=2),
            ),
            questions=(
                Question("criteria_agreed", "By which criteria will the buyer decide?", unknown=(0,)),
                Question("timeline_set", "By when must it work, and which steps lie before?", unknown=(0,)),
                Question("stakeholders_known", "Who takes part in the decision, and who can stop it?", unknown=(0,)),
            ),
            refusal="there is no agreed way and date for the decision yet",
        ),
        QualificationTest(
            "fit",
            "A fit with the core offer",
            speaks_for=(
                Sign("hardly anything is made for this buyer", "customisation", at_most=0.1),
                Sign("we win more than usual in this segment", "segment_win_lift", at_least=0.03),
            ),
            speaks_against=(
                Sign("a quarter or more of the scope is made for this buyer", "customisation", at_least=0.25),
                Sign("a feature that does not exist yet was promised", "roadmap_promised", at_least=1),
                Sign("we win less than usual in this segment", "segment_win_lift", at_most=-0.05),
            ),
            questions=(
                Question("customisation", "What would have to be made for this buyer alone?"),
                Question("segment", "How large is the buyer?"),
            ),
            refusal="what you need differs too far from what our product does well",
        ),
    ),
    leads=(
        QualificationTest(
            "sponsor",
            "A person with influence on the budget",
            speaks_for=(Sign("a director or executive", "lead_seniority", one_of=("Director", "Executive")),),
            speaks_against=(Sign("neither director nor executive", "lead_seniority", one_of=("Staff", "Manager")),),
            questions=(Question("lead_seniority", "What is the person's part in decisions, and who decides?"),),
            refusal="nobody who decides on the budget takes part yet",
        ),
        QualificationTest(
            "pain",
            "A problem that the person comes to us with",
            speaks_for=(
                Sign("a form was filled in", "lead_forms", at_least=1),
                Sign("the person answered us", "lead_replies", at_least=1),
            ),
            speaks_against=(Sign("no touch for two months", "days_since_lead_touch", at_least=60),),
            questions=(
                Question("lead_forms", "Which problem brought the person to us, and what does it cost?", unknown=(0,)),
                Question("lead_replies", "Why now?", unknown=(0,)),
            ),
            refusal="the problem does not seem pressing today",
        ),
        QualificationTest(
            "position",
            "A position on our strengths",
            speaks_for=(
                Sign("the company bought from us before", "company_won_deals", at_least=1),
                Sign("leads of this source convert more than usual", "source_conversion_lift", at_least=0.02),
                Sign("it is in a winning scenario", "winning_scenarios", at_least=1),
            ),
            speaks_against=(
                Sign("leads of this source convert less than usual", "source_conversion_lift", at_most=-0.02),
                Sign("it is in a losing scenario", "losing_scenarios", at_least=1),
            ),
            questions=(
                Question("lead_source", "How did the person come to us, and whom else do they look at?"),
                Question("winning_scenarios", "What of this lead is as in the deals that we win?"),
            ),
            refusal="what matters most to you is not where we are strongest",
        ),
        QualificationTest(
            "process",
            "Steps towards a decision",
            speaks_for=(
                Sign("came to an event", "lead_events", at_least=1),
                Sign("came to us three times in a month", "lead_inbound_30d", at_least=3),
            ),
            speaks_against=(Sign("came back into play twice or more", "times_recycled", at_least=2),),
            questions=(
                Question("lead_events", "What is the next step that the person wants, and by when?", unknown=(0,)),
                Question("lead_inbound_30d", "When does the person want to decide?", unknown=(0,)),
            ),
            refusal="there is no next step planned on your side yet",
        ),
        QualificationTest(
            "fit",
            "A fit with the core offer",
            speaks_for=(
                Sign("an industry that we know", "lead_industry", one_of=("Software", "Financial services", "Manufacturing")),
                Sign("200 employees or more", "lead_employees", at_least=200),
            ),
            speaks_against=(Sign("fewer than 20 employees", "lead_employees", at_most=19),),
            questions=(
                Question("lead_industry", "In which industry is the company?"),
                Question("lead_employees", "How many employees does the company have?"),
            ),
            refusal="our product is made for companies of another kind",
        ),
    ),
)
