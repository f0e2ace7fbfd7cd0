"""The layout of the export: which columns each file has, under the names that this CRM gives them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import END, Array

# file: {column of the file: column of the simulated table}
LAYOUT: dict[str, dict[str, str]] = {
    "Account": {
        "AccountNumber": "AccountNumber", "AccountName": "AccountName", "Industry": "Industry",
        "CountryCode": "CountryCode", "Headcount": "Headcount", "SizeClass": "SizeClass",
        "BillingCurrency": "BillingCurrency", "CreatedOn": "occurred",
    },
    "Contact": {
        "ContactNumber": "ContactNumber", "AccountNumber": "AccountNumber", "FullName": "FullName",
        "JobTitle": "JobTitle", "Seniority": "Seniority", "EnteredOn": "recorded",
    },
    "Opportunity": {
        "OpportunityNumber": "OpportunityNumber", "AccountNumber": "AccountNumber", "CreatedOn": "occurred",
        "EnteredOn": "recorded", "DealKind": "DealKind", "SizeClass": "SizeClass", "Industry": "Industry",
        "CountryCode": "CountryCode", "BusinessProblem": "BusinessProblem", "TriggerEvent": "TriggerEvent",
        "LeadSource": "LeadSource", "Team": "Team", "NextStep": "NextStep", "CloseReason": "CloseReason",
        "FinalAmount": "FinalAmount",
    },
    "OpportunityHistory": {
        "HistoryId": "number", "OpportunityNumber": "OpportunityNumber", "ChangedOn": "occurred",
        "EnteredOn": "recorded", "OpportunityName": "OpportunityName", "StageName": "StageName", "Amount": "Amount",
        "CurrencyIso": "CurrencyIso", "CloseDate": "CloseDate", "OwnerName": "OwnerName",
        "ForecastCategory": "ForecastCategory", "Competitor": "Competitor",
    },
    "OpportunityClosing": {
        "OpportunityNumber": "OpportunityNumber", "Status": "Status", "ClosedOn": "occurred", "EnteredOn": "recorded",
        "Reason": "Reason", "WinningVendor": "WinningVendor",
    },
    "DecisionMilestone": {
        "OpportunityNumber": "OpportunityNumber", "Milestone": "Milestone", "ReachedOn": "occurred",
        "EnteredOn": "recorded",
    },
    "OpportunityContactRole": {
        "RoleChangeId": "number", "OpportunityNumber": "OpportunityNumber", "ContactNumber": "ContactNumber",
        "Role": "Role", "EngagementLevel": "EngagementLevel", "ChangedOn": "occurred", "EnteredOn": "recorded",
    },
    "Activity": {
        "ActivityId": "number", "OpportunityNumber": "OpportunityNumber", "AccountNumber": "AccountNumber",
        "ContactNumber": "ContactNumber", "Kind": "Kind", "Direction": "Direction", "Channel": "Channel",
        "AssetName": "AssetName", "DoneBy": "DoneBy", "Minutes": "Minutes", "HappenedOn": "occurred",
        "LoggedOn": "recorded",
    },
    "Offer": {
        "OfferNumber": "OfferNumber", "OpportunityNumber": "OpportunityNumber", "Event": "Event", "Price": "Price",
        "Discount": "Discount", "Customisation": "Customisation", "Services": "Services",
        "DatePromised": "DatePromised", "RoadmapPromised": "RoadmapPromised", "HappenedOn": "occurred",
        "EnteredOn": "recorded",
    },
    "OpportunityAssessment": {
        "AssessmentId": "number", "OpportunityNumber": "OpportunityNumber", "Kind": "Kind", "Percent": "Percent",
        "AssessedBy": "AssessedBy", "AssessedOn": "occurred", "EnteredOn": "recorded",
    },
    "SubscriptionEvent": {
        "SubscriptionNumber": "SubscriptionNumber", "AccountNumber": "AccountNumber", "Event": "Event", "Arr": "Arr",
        "Plan": "Plan", "Seats": "Seats", "TermEnd": "TermEnd", "HappenedOn": "occurred", "EnteredOn": "recorded",
    },
    "usage_weekly": {
        "account_number": "AccountNumber", "metric": "Metric", "quantity": "Quantity", "active_users": "Users",
        "week_ending": "occurred", "loaded_at": "recorded",
    },
    "survey_response": {
        "account_number": "AccountNumber", "survey_kind": "Kind", "score": "Score", "answered_at": "occurred",
        "entered_at": "recorded",
    },
    "ticket_event": {
        "ticket_number": "TicketNumber", "account_number": "AccountNumber", "status": "Status",
        "severity": "Severity", "hours_since_opening": "Hours", "happened_at": "occurred", "entered_at": "recorded",
    },
    "LeadEvent": {
        "LeadNumber": "LeadNumber", "Status": "Status", "OpportunityNumber": "OpportunityNumber",
        "AccountNumber": "AccountNumber", "LeadSource": "LeadSource", "SizeClass": "SizeClass", "Team": "Team",
        "HappenedOn": "occurred", "EnteredOn": "recorded",
    },
    "LeadHistory": {
        "HistoryId": "number", "LeadNumber": "LeadNumber", "ChangedOn": "occurred", "EnteredOn": "recorded",
        "Industry": "Industry", "Employees": "Employees", "CountryCode": "CountryCode", "JobTitle": "JobTitle",
        "Seniority": "Seniority", "JobFunction": "JobFunction", "EmailDomain": "EmailDomain",
        "LeadSource": "LeadSource", "Campaign": "Campaign", "Owner": "Owner", "Points": "Points",
    },
    "LeadActivity": {
        "ActivityId": "number", "LeadNumber": "LeadNumber", "Kind": "Kind", "Direction": "Direction",
        "Channel": "Channel", "AssetName": "AssetName", "DoneBy": "DoneBy", "HappenedOn": "occurred",
        "LoggedOn": "recorded",
    },
    "Cost": {
        "CostNumber": "CostNumber", "Kind": "Kind", "Value": "Value", "CurrencyIso": "CurrencyIso", "Team": "Team",
        "LeadSource": "LeadSource", "PeriodFrom": "from_", "PeriodTo": "to", "BookedOn": "occurred",
        "EnteredOn": "recorded",
    },
    "Quota": {
        "QuotaNumber": "QuotaNumber", "Team": "Team", "Value": "Value", "PeriodFrom": "from_", "PeriodTo": "to",
        "SetOn": "occurred", "EnteredOn": "recorded",
    },
    "employee_survey": {
        "respondent": "Respondent", "score": "Score", "answered_at": "occurred", "entered_at": "recorded",
    },
    "DealCost": {
        "CostNumber": "CostNumber", "OpportunityNumber": "OpportunityNumber", "AccountNumber": "AccountNumber", "Kind": "Kind",
        "Value": "Value", "CurrencyIso": "CurrencyIso", "BookedOn": "occurred", "EnteredOn": "recorded",
    },
    "TimeEntry": {
        "EntryNumber": "EntryNumber", "OpportunityNumber": "OpportunityNumber", "LeadNumber": "LeadNumber", "Role": "Role",
        "Hours": "Hours", "WorkedOn": "occurred", "EnteredOn": "recorded",
    },
    "Approval": {
        "OpportunityNumber": "OpportunityNumber", "OfferNumber": "OfferNumber", "Subject": "Subject", "Event": "Event", "Role": "Role",
        "HappenedOn": "occurred", "EnteredOn": "recorded",
    },
    "Delivery": {
        "OpportunityNumber": "OpportunityNumber", "Delivery": "Delivery", "Event": "Event", "DueOn": "due", "HappenedOn": "occurred",
        "EnteredOn": "recorded",
    },
    "CompanyProfile": {
        "AccountNumber": "AccountNumber", "Headcount": "Headcount", "Headquarters": "Headquarters", "Valuation": "Valuation",
        "Investors": "Investors", "ReportedOn": "occurred", "EnteredOn": "recorded",
    },
    "StrategicValue": {
        "OpportunityNumber": "OpportunityNumber", "Value": "Value", "DeclaredOn": "occurred", "EnteredOn": "recorded",
    },
    "WinLossInterview": {
        "AccountNumber": "AccountNumber", "Score": "Score", "Text": "Text", "AnsweredOn": "occurred", "EnteredOn": "recorded",
    },
    "ExchangeRate": {
        "Currency": "Currency", "RateToEur": "RateToEur", "PublishedOn": "occurred",
    },
}  # fmt: skip


def as_exported(name: str, table: pd.DataFrame, account_numbers: Array) -> pd.DataFrame:
    """A table as text under the file's column names, without what was recorded after the extract."""
    table = table[table["recorded"] < END]
    if "account" in table:
        table = table.assign(AccountNumber=account_numbers[table["account"]])
    columns = {column: _text(table[source]) for column, source in LAYOUT[name].items()}
    return pd.DataFrame(columns)


def _text(values: pd.Series) -> Array:
    if values.dtype.kind == "M":
        times = values.to_numpy().astype("datetime64[s]")
        return np.where(np.isnat(times), "", np.char.add(np.datetime_as_string(times), "Z").astype(object))
    if values.dtype.kind in "if":
        return np.asarray(values.map(str), dtype=object)
    return np.asarray(values.fillna(""), dtype=object)
