from snippets.compression.facts_distilled import (
    APP_SHARE,
    DISTILBERT,
    PHONES,
    POCKET_MODELS,
    QWEN3_ROUTES,
)


def test_everything_has_source_and_date():
    for fact in (DISTILBERT, *QWEN3_ROUTES, *PHONES, *POCKET_MODELS):
        assert "https://" in fact.source
        assert fact.seen.startswith("2026-11")
        assert not [name for name, value in vars(fact).items() if value in ("", 0)]


def test_page_says_most_of_the_score_with_three_fifths_of_the_weights():
    assert 0.965 < DISTILBERT.student_score / DISTILBERT.teacher_score < 0.975
    assert DISTILBERT.student_parameters / DISTILBERT.teacher_parameters == 0.6


def test_page_says_ten_times_fewer_hours_and_a_better_score():
    learning, distilling = QWEN3_ROUTES
    assert 9.5 < learning.gpu_hours / distilling.gpu_hours < 10.5
    assert distilling.percent > learning.percent


def test_phones_and_models_grow_and_an_app_gets_a_tenth():
    assert [p.gigabytes for p in PHONES] == sorted(p.gigabytes for p in PHONES)
    assert [m.parameters for m in POCKET_MODELS] == sorted(m.parameters for m in POCKET_MODELS)
    assert APP_SHARE == 0.1
