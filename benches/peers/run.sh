#!/usr/bin/env bash
# Runs what one would pick instead of motamot on the same bytes and the same terms, and prints MB a CPU second.
#     bash benches/peers/run.sh [MB]
# It makes a Python environment in target/peers (from PyPI); what cannot be installed is skipped and told. R is not
# installed by it: with quanteda (Debian: r-cran-quanteda, or install.packages("quanteda")) that row is filled too.
set -euo pipefail
cd "$(dirname "$0")/../.."
mb="${1:-10}"
work="target/peers"
mkdir -p "$work"

cargo build --release --quiet -p motamot-bench
target/release/generate --mb "$mb" --plain -o "$work/answers.txt"
target/release/generate --what forms -o "$work/forms.txt"

python="$work/venv/bin/python"
if ! test -x "$python"; then
  "${PYTHON:-python3}" -m venv "$work/venv"
fi
for package in scikit-learn spacy flashtext polars; do
  "$python" -m pip install --quiet --disable-pip-version-check "$package" \
    || echo "$package cannot be installed here and is skipped."
done

# One thread each, so that a CPU second is one everywhere.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 POLARS_MAX_THREADS=1 RAYON_NUM_THREADS=1
"$python" benches/peers/peers.py "$work/answers.txt" "$work/forms.txt"
