# To be sourced from the root of the repository: finds a Rust toolchain that can build the standard library for Wasm, and
# sets `rustc`, `cargo`, `target` (the folder that they build in) and the function `wasm_cargo`. Plain Rust ≥ 1.87 emits
# bulk memory and reference types, in the ready-made standard library too; released versions of wasmvm refuse them. So it
# is built here as well.

# Does this compiler come with the sources of its standard library?
_has_sources() { [ -f "$("$1" --print sysroot 2>/dev/null)/lib/rustlib/src/rust/library/Cargo.lock" ]; }

if command -v rustup >/dev/null && { _has_sources rustc || rustup component add rust-src >/dev/null 2>&1; } && _has_sources rustc; then
    rustc=rustc cargo=cargo
elif [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && command -v wasm-ld-22 >/dev/null && _has_sources /usr/bin/rustc; then
    rustc=/usr/bin/rustc cargo=/usr/bin/cargo
    export RUSTC=/usr/bin/rustc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
else
    echo "no sources of Rust's standard library: 'rustup component add rust-src', or on Debian 'apt-get install rustc-web cargo-web rust-web-src lld-22'" >&2
    exit 1
fi

target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$PWD/$target ;; esac

# wasm_cargo COMMAND …: cargo for wasm32, the standard library included, and nothing of this machine's paths in the bytes.
# A panic is a bare trap: none is reachable, and its words would be a tenth of the bytes. Undefined symbols are the host's
# functions; since Rust 1.96 they are imported only if told so. `optimize_for_size` is the standard library's own choice of
# smaller algorithms with the same results: how it sorts, how it writes numbers. The flags go by the one variable that counts
# above all others (a RUSTFLAGS of the environment would be taken in their place) and that takes paths with spaces.
wasm_cargo() {
    local folder command=$1
    shift
    local flags=(-C target-cpu=mvp -C link-arg=--allow-undefined -Z location-detail=none)
    flags+=("--remap-path-prefix=$PWD=glidepath")
    flags+=("--remap-path-prefix=$("$rustc" --print sysroot)/lib/rustlib/src/rust=rust")
    for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
        flags+=("--remap-path-prefix=$folder=crates")
    done
    RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf %s "${flags[*]}") \
        "$cargo" "$command" --target wasm32-unknown-unknown -Z build-std=std,panic_abort \
        -Z build-std-features=optimize_for_size \
        -Z panic-immediate-abort --config 'profile.wasm.panic="immediate-abort"' "$@"
}
