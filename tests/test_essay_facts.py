import pytest

from forecasts.errors import InputError
from forecasts.essay.facts import figure_table, figures, read

TABLES = ("model_prices", "priced_scores", "sized_scores", "gpqa_diamond")


def test_every_figure_is_an_interval_with_a_source():
    for figure in figures().values():
        assert 0 < figure.low <= figure.value <= figure.high, figure.id
        assert figure.source
        assert figure.unit
        assert figure.basis


def test_a_judgement_says_why():
    judged = [figure for figure in figures().values() if "judgement" in figure.basis]

    assert judged
    assert all(figure.note for figure in judged)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_table_has_its_source(name):
    table = read(name)

    assert len(table) > 0
    assert table["source"].notna().all()
    assert list(table["date"]) == sorted(table["date"]) or name == "model_prices"


def test_an_unknown_table_is_refused_with_the_list():
    with pytest.raises(InputError, match="is one of figures, gpqa_diamond"):
        read("nonsense")


def test_the_table_of_figures_shows_its_grounds():
    shown = figure_table(["youtube_minutes", "llama_3_tokens"])._repr_markdown_()

    assert "150\u00a0billion | 100\u00a0billion | 225\u00a0billion" in shown
    assert "essay and judgement" in shown
    assert "Epoch AI" in shown
