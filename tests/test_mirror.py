"""Tests mirror the code: each module has a test file of its name, or stands here with the file that tests it."""

from __future__ import annotations

from pathlib import Path

from scripts.house import PACKAGES, ROOT, has_code

TESTED_BY = {
    "tests/simulate/leads/test_tables.py": "simulate/leads/candidates",
    "tests/api/test_project_handle.py": "api/forecasting api/modelling api/reviewing api/scoring api/session"
    " api/results/backtest_result api/results/evaluation_result api/results/forecast_result api/results/import_result"
    " api/results/measures api/results/metrics_result api/results/model_versions api/results/promotion_result"
    " api/results/review_result api/results/scoring_result api/results/training_result",
    "tests/cli/forecasting/test_forecast.py": "cli/forecasting/forecast_output jobs/forecasting/forecast",
    "tests/cli/forecasting/test_forecast_backtest.py": "jobs/forecasting/backtest",
    "tests/cli/modelling/test_backtest.py": "jobs/modelling/backtest",
    "tests/cli/modelling/test_compare_baseline.py": "jobs/modelling/head_to_head jobs/modelling/head_to_head_page",
    "tests/cli/modelling/test_models.py": "jobs/modelling/champion_challenger",
    "tests/cli/modelling/test_study.py": "jobs/modelling/study",
    "tests/cli/overrides/test_override_add.py": "cli/overrides/override_output",
    "tests/cli/test_errors.py": "cli/init",
    "tests/cli/test_help.py": "cli/demo",
    "tests/cli/test_verbs.py": "cli/import_ cli/main cli/options"
    " cli/modelling/train cli/modelling/tune cli/modelling/evaluate"
    " cli/modelling/evaluate_output cli/scoring/features cli/scoring/score jobs/modelling/evaluate jobs/modelling/tune",
    "tests/docs/test_pages.py": "features/dictionary sales_metrics/reference_docs",
    "tests/evaluation/head_to_head/test_compare.py": "evaluation/head_to_head/rank_changes",
    "tests/evaluation/holdout/test_backtest.py": "evaluation/holdout/fold",
    "tests/evaluation/report/test_slices.py": "evaluation/report/amounts",
    "tests/features/test_deal_oracle.py": "features/aggregate features/derived_facts features/plan features/point_in_time",
    "tests/features/families/test_definition.py": "features/families/measures",
    "tests/features/test_engine.py": "features/definition",
    "tests/forecast/simulation/test_past_windows.py": "forecast/simulation/amount_growth forecast/simulation/new_deals",
    "tests/forecast/test_accuracy.py": "forecast/backtest forecast/backtest_store forecast/result",
    "tests/forecast/test_deals_as_of.py": "forecast/waterfall/category_conversion forecast/waterfall/inactivity",
    "tests/forecast/test_record.py": "forecast/actuals",
    "tests/forecast/waterfall/test_reasons.py": "forecast/waterfall/result",
    "tests/jobs/explaining/test_explain.py": "jobs/explaining/score_changes reasons/similar",
    "tests/jobs/explaining/test_what_if.py": "features/recompute jobs/explaining/deal_page reasons/what_if",
    "tests/jobs/overrides/test_record.py": "jobs/overrides/model_numbers jobs/overrides/value_added",
    "tests/jobs/reviewing/test_review.py": "jobs/reviewing/background jobs/reviewing/context jobs/reviewing/live"
    " jobs/reviewing/request jobs/reviewing/sections jobs/absent jobs/scoring/population jobs/scoring/requirements",
    "tests/jobs/scoring/test_score.py": "jobs/scoring/served_models learning/training",
    "tests/jobs/modelling/test_train.py": "jobs/modelling/holdout",
    "tests/leaks/test_canaries.py": "leaks/linear_probe",
    "tests/leaks/searches/test_filled_after_outcome.py": "leaks/weekly_panel",
    "tests/leaks/test_gate.py": "leaks/searches/searcher leaks/searches/time_invariant",
    "tests/learning/rungs/test_tree_shap.py": "learning/rungs/lightgbm_text learning/rungs/tree_shap_kernel",
    "tests/learning/test_snapshots.py": "learning/outcomes/of_accounts learning/outcomes/of_deals learning/spec",
    "tests/importing/test_import_source.py": "ledger/ledger importing/intake",
    "tests/ledger/test_schema_docs.py": "ledger/schema",
    "tests/page/exports/test_review_tables.py": "page/exports/forecast_tables page/exports/waterfall_tables",
    "tests/page/head_to_head/test_content.py": "page/head_to_head/render page/head_to_head/verdict",
    "tests/page/review/test_annotations.py": "page/review/annotation_text",
    "tests/page/review/test_metrics_view.py": "page/review/metrics",
    "tests/page/review/test_payload.py": "page/shared/outcome_words",
    "tests/page/review/test_render.py": "page/review/row_view page/review/anchors page/shared/document",
    "tests/page/review/test_waterfall_view.py": "page/review/waterfall_payload",
    "tests/page/test_backtest.py": "evaluation/figures/figure evaluation/figures/figure_sets page/shared/inline_figure",
    "tests/page/test_model_card.py": "jobs/modelling/model_card",
    "tests/pipelines/test_flows.py": "pipelines/bars pipelines/command pipelines/importing pipelines/measure pipelines/retrain"
    " pipelines/review pipelines/score",
    "tests/sales_metrics/test_measure.py": "sales_metrics/metric",
    "tests/sales_metrics/test_registry.py": "sales_metrics/facts",
    "tests/scoring/test_score.py": "scoring/contribution_table",
    "tests/scoring/test_store.py": "scoring/database",
    "tests/serve/test_server.py": "serve/app",
    "tests/simulate/test_office.py": "simulate/finance",
    "tests/simulate/test_simulation.py": "simulate/accounts simulate/activities simulate/company simulate/customers"
    " simulate/export simulate/health simulate/history simulate/lives simulate/offers simulate/paths simulate/progress"
    " simulate/revisions simulate/sales simulate/usage",
    "tests/upgrade/test_project.py": "upgrade/moved_modules upgrade/renamed upgrade/rewrite upgrade/shipped_digests",
}
"""Modules that a test of something larger exercises."""
MODULES = {
    (path.relative_to(folder) if layer == "dealml" else Path(layer) / path.relative_to(folder)).with_suffix("").as_posix()
    for layer, folder in PACKAGES.items()
    if layer in ("dealml", "pipelines")
    for path in folder.rglob("*.py")
    if path.name != "__init__.py" and has_code(path)
}
"""Every module of `src/dealml` and `pipelines`; features and models are data to the engine, tested by the oracles."""
ELSEWHERE = {module: test for test, modules in TESTED_BY.items() for module in modules.split()}
MAX_ELSEWHERE = 136


def named_after(module: str) -> Path:
    folder, _, name = module.rpartition("/")
    return ROOT / "tests" / folder / f"test_{name.strip('_')}.py"


def test_each_module_has_a_test_file_of_its_name_or_stands_on_the_list() -> None:
    untested = {module for module in MODULES if not named_after(module).is_file()} - set(ELSEWHERE)
    assert sorted(untested) == []


def test_the_list_is_short_and_names_what_is_there() -> None:
    assert sorted(set(ELSEWHERE) - MODULES) == []
    assert sorted(test for test in TESTED_BY if not (ROOT / test).is_file()) == []
    assert sorted(module for module in ELSEWHERE if named_after(module).is_file()) == []
    assert len(ELSEWHERE) <= MAX_ELSEWHERE
