"""What the seller judged of the deal."""

from dealml import per


def _judged(change, field):
    return change.latest(change.text, where=change.field == field)


@per("deal_id", "deal_changes")
def product(change):
    """Product on offer."""
    return _judged(change, "product")


@per("deal_id", "deal_changes")
def seller(change):
    """Seller of the deal."""
    return _judged(change, "seller")


@per("deal_id", "deal_changes")
def authority(change):
    """Authority of the person that the seller talks to."""
    return _judged(change, "authority")


@per("deal_id", "deal_changes")
def company_size(change):
    """Size of the buying company."""
    return _judged(change, "company_size")


@per("deal_id", "deal_changes")
def competitors(change):
    """Whether competitors are after the deal."""
    return _judged(change, "competitors")


@per("deal_id", "deal_changes")
def purchasing_department(change):
    """Whether the buyer's purchasing department takes part."""
    return _judged(change, "purchasing_department")


@per("deal_id", "deal_changes")
def partnership(change):
    """Whether the deal is sold together with a partner."""
    return _judged(change, "partnership")


@per("deal_id", "deal_changes")
def budget(change):
    """Whether the buyer has set a budget aside."""
    return _judged(change, "budget")


@per("deal_id", "deal_changes")
def formal_tender(change):
    """Whether the buyer holds a formal tender."""
    return _judged(change, "formal_tender")


@per("deal_id", "deal_changes")
def request_for_information(change):
    """Whether the buyer sent a request for information."""
    return _judged(change, "request_for_information")


@per("deal_id", "deal_changes")
def request_for_proposal(change):
    """Whether the buyer sent a request for a proposal."""
    return _judged(change, "request_for_proposal")


@per("deal_id", "deal_changes")
def growth(change):
    """Whether the buyer's business grows."""
    return _judged(change, "growth")


@per("deal_id", "deal_changes")
def positive_statement(change):
    """Whether the buyer has spoken well of the offer."""
    return _judged(change, "positive_statement")


@per("deal_id", "deal_changes")
def source(change):
    """Source that the deal came from."""
    return _judged(change, "source")


@per("deal_id", "deal_changes")
def client(change):
    """Whether the buyer is a client: current, past or new."""
    return _judged(change, "client")


@per("deal_id", "deal_changes")
def scope(change):
    """How clear the scope of the deal is."""
    return _judged(change, "scope")


@per("deal_id", "deal_changes")
def strategic_deal(change):
    """How important the deal is to the seller's company."""
    return _judged(change, "strategic_deal")


@per("deal_id", "deal_changes")
def cross_sale(change):
    """Whether another product is sold to a client."""
    return _judged(change, "cross_sale")


@per("deal_id", "deal_changes")
def up_sale(change):
    """Whether more of a product is sold to a client."""
    return _judged(change, "up_sale")


@per("deal_id", "deal_changes")
def deal_type(change):
    """Type of the deal, such as a project or maintenance."""
    return _judged(change, "deal_type")


@per("deal_id", "deal_changes")
def needs_defined(change):
    """Whether the buyer has defined the need."""
    return _judged(change, "needs_defined")


@per("deal_id", "deal_changes")
def attention_to_client(change):
    """How the seller's company looks at the client."""
    return _judged(change, "attention_to_client")
