"""Clusters beside scikit-learn: agreement with gold themes, time, memory and growth.

    python clusters.py --motamot target/release/motamot --training data/training --gold GOLD.jsonl...

GOLD holds coded answers as JSON Lines with `text`, `themes` and `lang`; those with one theme count. Needs scikit-learn.
The peer is TF-IDF over what stands between spaces, TruncatedSVD(64) and KMeans, as it is commonly put together.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from math import log
from pathlib import Path


def peer(texts, k, seed):
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    vectors = make_pipeline(
        TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True),
        TruncatedSVD(64, random_state=seed),
        Normalizer(copy=False),
    ).fit_transform(texts)
    return KMeans(k, n_init=1, random_state=seed).fit_predict(vectors)


def nmi(a, b):
    """Normalised mutual information, by the arithmetic mean of the entropies."""
    n = len(a)
    of_a, of_b, both = Counter(a), Counter(b), Counter(zip(a, b))
    entropy = lambda counts: -sum(v / n * log(v / n) for v in counts.values())
    shared = sum(v / n * log(n * v / (of_a[x] * of_b[y])) for (x, y), v in both.items())
    return 2 * shared / max(entropy(of_a) + entropy(of_b), 1e-12)


def write(path, texts):
    with open(path, "w", encoding="utf-8") as out:
        for i, text in enumerate(texts):
            out.write(json.dumps({"id": str(i), "text": text}, ensure_ascii=False) + "\n")


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def agreement(motamot, gold, folder, seeds):
    rows = [json.loads(line) for file in gold for line in open(file, encoding="utf-8")]
    rows = [row for row in rows if len(row["themes"]) == 1]
    themes, languages = [row["themes"][0] for row in rows], [row["lang"] for row in rows]
    texts = [row["text"] for row in rows]
    path = folder / "gold.jsonl"
    write(path, texts)

    def ours(seed):
        command = [motamot, "cluster", path, "--k", "12", "--seed", str(seed), "--quiet"]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return [str(a["cluster"]) for a in found["assignments"]], found["stability"]

    print(f"{len(rows)} answers of one theme, k = 12, mean of {seeds} seeds")
    print(f"{'':<14}{'NMI themes':>12}{'NMI language':>14}{'stability':>11}")
    for name in ["motamot", "scikit-learn"]:
        found = [ours(s) if name == "motamot" else (list(peer(texts, 12, s)), None) for s in range(seeds)]
        mean = lambda values: sum(values) / len(values)
        stability = [s for _, s in found if s is not None]
        print(
            f"{name:<14}{mean([nmi(c, themes) for c, _ in found]):>12.3f}"
            f"{mean([nmi(c, languages) for c, _ in found]):>14.3f}"
            + (f"{mean(stability):>11.3f}" if stability else f"{'–':>11}")
        )


def answers(training, n):
    """Answers made of those that the statistical coder was trained on, a fifth of their words swapped for others."""
    rows = [
        line.rstrip("\n").split("\t")
        for file in sorted(Path(training).glob("*.tsv"))
        for line in open(file, encoding="utf-8")
    ]
    texts = [row[4].split() for row in rows if len(row) > 4]
    chance = random.Random(7)
    for _ in range(n):
        words = list(chance.choice(texts))
        for i in range(len(words)):
            if chance.random() < 0.2:
                words[i] = chance.choice(chance.choice(texts) or ["–"])
        chance.shuffle(words)
        yield " ".join(words)


def measured(command, threads):
    """Seconds on the clock, seconds of processor time and peak megabytes of a child process."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    start = time.perf_counter()
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, env=environment, text=True)
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def race(motamot, training, folder, growth):
    path = folder / "many.jsonl"
    write(path, answers(training, 100_000))
    out = ["--quiet", "-o", folder / "out.json"]
    print("\n100,000 answers, k = 20")
    print(f"{'':<44}{'clock s':>9}{'CPU s':>8}{'MB':>7}")
    for threads in [1, os.cpu_count()]:
        for name, command in [
            ("motamot, all steps", [motamot, "cluster", path, "--k", "20", "--threads", threads, *out]),
            (
                "motamot --no-themes",
                [motamot, "cluster", path, "--k", "20", "--no-themes", "--threads", threads, *out],
            ),
            ("scikit-learn, reading and imports counted", [sys.executable, __file__, "--peer", path]),
        ]:
            clock, cpu, memory, printed = measured(command, threads)
            name = f"{name}, {threads} thread{'s' if threads > 1 else ''}"
            print(f"{name:<44}{clock:>9.2f}{cpu:>8.2f}{memory:>7.0f}")
            if printed:
                name = f"  the steps alone, {threads} thread{'s' if threads > 1 else ''}"
                print(f"{name:<44}{float(printed):>9.2f}")
    print("\nGrowth of motamot --no-themes, then with themes, k = 20, all cores")
    for n in growth:
        write(path, answers(training, n))
        for extra in [["--no-themes"], []]:
            clock, cpu, memory, _ = measured([motamot, "cluster", path, "--k", "20", *extra, *out], os.cpu_count())
            print(f"{n:>9,} answers {' '.join(extra):<12}{clock:>9.2f} s{cpu:>8.2f} s CPU{memory:>7.0f} MB")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--motamot", default="target/release/motamot")
    options.add_argument("--training", default="data/training")
    options.add_argument("--gold", nargs="*", default=[])
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--growth", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    options.add_argument("--no-race", action="store_true", help="agreement alone")
    options.add_argument("--peer", help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.peer:
        texts = read(args.peer)
        start = time.perf_counter()
        peer(texts, 20, 0)
        print(time.perf_counter() - start)
        return
    with tempfile.TemporaryDirectory() as folder:
        if args.gold:
            agreement(args.motamot, args.gold, Path(folder), args.seeds)
        if not args.no_race:
            race(args.motamot, args.training, Path(folder), args.growth)


if __name__ == "__main__":
    main()
