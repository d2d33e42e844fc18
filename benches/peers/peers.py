"""Times each peer in a process of its own: coding the answers by the forms, without reading and preparing.

Prints a table of MB a CPU second, and how many times as fast motamot is (rules alone, one thread, the same bytes).
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

BESIDE = Path(__file__).parent


def scikit_learn(answers: list[str], forms: list[str]) -> Callable[[], int]:
    """A dictionary look-up: counts of the forms of up to three words."""
    from sklearn.feature_extraction.text import CountVectorizer

    short = sorted({form for form in forms if len(form.split()) <= 3})
    # Its own pattern of words cuts Bangla at every vowel sign.
    counter = CountVectorizer(vocabulary=short, ngram_range=(1, 3), token_pattern=r"[^\s.,।?!]+")
    return lambda: int(counter.transform(answers).sum())


def spacy(answers: list[str], forms: list[str]) -> Callable[[], int]:
    """A blank multilingual pipeline: only the tokeniser, and the matcher on lower case."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("xx")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("terms", list(nlp.pipe(forms)))
    return lambda: sum(len(matcher(doc)) for doc in nlp.pipe(answers))


def flashtext(answers: list[str], forms: list[str]) -> Callable[[], int]:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    # Vowel signs are part of words.
    processor.set_non_word_boundaries(
        processor.non_word_boundaries | {chr(c) for c in range(0x980, 0xA00)}
    )
    for form in forms:
        processor.add_keyword(form)
    return lambda: sum(len(processor.extract_keywords(answer)) for answer in answers)


def polars(answers: list[str], forms: list[str]) -> Callable[[], int]:
    import polars

    column = polars.Series(answers)
    return lambda: int(
        column.to_frame("text")
        .select(
            polars.col("text")
            .str.extract_many(forms, ascii_case_insensitive=True, leftmost=True)
            .list.len()
            .sum()
        )
        .item()
    )


PEERS = {
    "scikit-learn CountVectorizer": (scikit_learn, None),
    "spaCy PhraseMatcher": (spacy, 35),
    "FlashText": (flashtext, 14),
    "polars extract_many": (polars, 4.5),
}


def measure(name: str, answers_file: str, forms_file: str) -> None:
    """In the child process: prints MB, CPU seconds and how much was met."""
    answers = Path(answers_file).read_text(encoding="utf-8").splitlines()
    forms = [form for form in Path(forms_file).read_text(encoding="utf-8").splitlines() if form]
    work = PEERS[name][0](answers, forms)
    begun = process_time()
    met = work()
    print("took", process_time() - begun, met)


def run(command: list[str]) -> tuple[float, int] | str:
    """CPU seconds and matches of a child, or why there are none."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = re.search(r"^took (\S+) (\d+)$", done.stdout, re.MULTILINE)
    if took:
        return float(took[1]), int(took[2])
    return (done.stderr.strip().splitlines() or ["it told nothing"])[-1]


def main(answers: str, forms: str) -> None:
    megabytes = Path(answers).stat().st_size / 1e6
    n_forms = len(Path(forms).read_text(encoding="utf-8").splitlines())
    ours = run(["target/release/ours", answers])
    if isinstance(ours, str):
        sys.exit(f"motamot could not be measured: {ours}")
    ours_rate = megabytes / ours[0]
    print(f"{megabytes:.1f} MB of generated answers, {n_forms} forms, one thread\n")
    print("| | MB a CPU second | motamot is so many times as fast | target | |")
    print("|---|---|---|---|---|")
    print(f"| motamot, rules alone | {ours_rate:.1f} | | | |")
    known = run(["target/release/ours", answers, "--known"])
    if not isinstance(known, str):
        print(f"| the same, all words met before | {megabytes / known[0]:.1f} | | | |")
    commands = {
        name: ([sys.executable, __file__, "--one", name, answers, forms], target)
        for name, (_, target) in PEERS.items()
    }
    rscript = shutil.which("Rscript") or "Rscript"
    commands["quanteda tokens_lookup"] = ([rscript, str(BESIDE / "quanteda.R"), answers, forms], 50)
    skipped = []
    for name, (command, target) in commands.items():
        try:
            took = run(command)
        except FileNotFoundError:
            took = f"{command[0]} is not installed"
        if isinstance(took, str):
            skipped.append(f"{name} is skipped: {took}")
            continue
        rate = megabytes / took[0]
        ratio = ours_rate / rate
        verdict = "" if target is None else ("met" if ratio >= target else "**missed**")
        print(f"| {name} | {rate:.2f} | {ratio:.1f} | {f'≥ {target}' if target else ''} | {verdict} |", flush=True)
    print("\n" + "\n".join(skipped))


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        measure(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
