#!/usr/bin/env bash
# Makes everything of Mira, the house presenter, from public-domain geometry: her voice, her performance,
# her film with its exact truth, her avatar, the clip that the tests use, and the pictures of the README.
#   tools/presenter/make.sh GEOMETRY      GEOMETRY: the folder with base/, eyes/, proxies/, targets/
# Half an hour on two cores. What is there is not made again: remove build/presenter/mira to start over.
set -euo pipefail

# shellcheck source=../setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"

geometry="${1:?usage: tools/presenter/make.sh GEOMETRY}"
[[ -f $geometry/base/base.obj ]] || die "there is no base/base.obj in '$geometry'"
folder="$root/build/presenter"
made="$folder/mira"
steps=7000

install_packages run presenter
install_npm_packages
configure "$folder" -DCMAKE_BUILD_TYPE=Release -DANIMA_PRESENTER=ON -DANIMA_TESTS=OFF -DANIMA_BENCH=OFF
build "$folder" anima anima_presenter anima_presenter_performance anima_presenter_voice anima_presenter_asset
bin="$folder/bin"
mkdir -p "$made" "$root/assets" "$root/tests/data" "$root/docs/images"

# step FILE COMMAND...: runs the command unless the file that it makes is there.
step() {
  local file="$1"
  shift
  [[ -e $file ]] && return
  say "making ${file#"$root"/}"
  "$@"
}

step "$root/assets/mira.voice" "$bin/anima_presenter_voice" -o "$root/assets/mira.voice"
step "$made/performance.json" "$bin/anima_presenter_performance" -o "$made"
film=("$bin/anima_presenter" film --data "$geometry" --performance "$made/performance.json" --sound "$made/sound.wav")
step "$made/mira.mp4" "${film[@]}" -o "$made/mira.mp4" --truth "$made/mira.json"
step "$root/tests/data/mira-6s.mp4" "${film[@]}" -o "$root/tests/data/mira-6s.mp4" \
  --truth "$root/tests/data/mira-6s.json" --frames 0:150 --size 256

# Her name is reserved: she is trained under another one, and gets hers with licence and recipe.
step "$made/library/house/house.anima" "$bin/anima" train "$made/mira.mp4" --name house --steps $steps \
  --library "$made/library" --consent "nobody: a computer-generated person"
"$bin/anima" evaluate house --library "$made/library" --truth "$made/mira.json"
"$bin/anima_presenter_asset" "$made/library/house/house.anima" -o "$root/assets/mira.anima" \
  --recipe "revision $(git -C "$root" rev-parse --short HEAD), $steps steps, seeds 4 (performance) and 1 (training)"

# Pictures that Anima itself films: the greeting (stills of the README are its frames) and a loop.
step "$made/hello.mp4" "$bin/anima" hello -o "$made/hello.mp4"
step "$root/docs/images/mira.webp" "$bin/anima" say mira "Hello! I am Mira. 你好，我叫米拉。" --size 288 \
  --no-subtitles -o "$root/docs/images/mira.webp"
say "done; look at $made/library/house/results/evaluate.html"
