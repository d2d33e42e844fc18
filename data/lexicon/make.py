#!/usr/bin/env python3
"""Make the two word lists with frequencies, `english.txt` and `bangla.txt`. Not part of the build; the lists are committed.

    pip download --no-deps wordfreq==3.1.1 && unzip -q wordfreq-*.whl -d W
    apt-get download scowl && dpkg -x scowl_*.deb S
    python3 make.py W S/usr/share/dict/scowl          # needs the package msgpack

A line is a word, a tab, and ten times its Zipf frequency (log10 of its count in a billion words): 45 is a common word, 20 a rare one.
Lines stand in byte order, so that the program can search the text as it is.
"""
import glob, gzip, os, re, sys, unicodedata

import msgpack

HERE = os.path.dirname(os.path.abspath(__file__))
BANGLA_LIMIT, ENGLISH_LIMIT = 635, 715  # centibels below certainty: rarer words are left out, for size
HAND_WRITTEN = 36  # words of our own lists count at least as this common


def wordfreq(folder, language):
    with gzip.open(f"{folder}/wordfreq/data/large_{language}.msgpack.gz") as file:
        buckets = msgpack.load(file, raw=False)[1:]
    return {word: centibels for centibels, words in enumerate(buckets) for word in words}


def tenths(centibels):
    return max(1, round((900 - centibels) / 10))


def bangla_form(word):
    word = unicodedata.normalize("NFC", word)
    for two, one in (("\u09a1\u09bc", "\u09dc"), ("\u09a2\u09bc", "\u09dd"), ("\u09af\u09bc", "\u09df")):
        word = word.replace(two, one)
    return word.replace("\u200c", "").replace("\u200d", "")


LETTERS = re.compile("^[\u0985-\u0994\u0995-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9\u09ce\u09dc\u09dd\u09df][\u0981-\u09e3]*$")


def own_words(name):
    with open(f"{HERE}/{name}", encoding="utf-8") as lines:
        return {bangla_form(word) for line in lines if not line.startswith("#") for word in line.split()}


def bangla(folder):
    out = {}
    for word, centibels in wordfreq(folder, "bn").items():
        word = bangla_form(word)
        if centibels <= BANGLA_LIMIT and LETTERS.match(word) and not word.endswith("\u09cd") and len(word) > 1:
            out[word] = max(out.get(word, 0), tenths(centibels))
    for word in own_words("administration-bn.txt"):
        out[word] = max(out.get(word, 0), HAND_WRITTEN)
    return out


def english(folder, scowl):
    known = {}
    for path in glob.glob(f"{scowl}/*"):
        name, size = os.path.basename(path).rsplit(".", 1)
        kind = name.split("-")[-1]
        if int(size) > 60 or kind not in ("words", "abbreviations") or "variant" in name or not name.startswith(("english", "american", "british")):
            continue
        with open(path, encoding="latin-1") as lines:
            known.update((w.strip().lower(), int(size)) for w in lines if re.fullmatch("[A-Za-z]{2,}", w.strip()))
    frequency = wordfreq(folder, "en")
    out = {w: tenths(frequency[w]) for w in known if frequency.get(w, 999) <= ENGLISH_LIMIT}
    out.update((w, max(out.get(w, 0), HAND_WRITTEN)) for w in own_words("administration-en.txt"))
    return {**out, "a": 73, "i": 70}


def write(name, words):
    with open(f"{HERE}/{name}", "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{word}\t{words[word]}\n" for word in sorted(words, key=lambda w: w.encode()))


if __name__ == "__main__":
    write("bangla.txt", bangla(sys.argv[1]))
    write("english.txt", english(*sys.argv[1:3]))
