//! `glidepath-risk-js-bindgen INPUT.wasm FOLDER`: writes a JavaScript module for browsers and Node, and the Wasm that it loads.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder] = arguments.as_slice() else {
        eprintln!("usage: glidepath-risk-js-bindgen INPUT.wasm FOLDER");
        return ExitCode::from(2);
    };
    let made = Bindgen::new().input_path(input).web(true).and_then(|bindgen| {
        bindgen
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(folder)
    });
    if let Err(error) = made {
        eprintln!("{input}: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
