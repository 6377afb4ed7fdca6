//! What JavaScript calls.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::JsError;

/// Answers a question from records, all as JSON text. Throws where there is no answer.
#[wasm_bindgen]
pub fn ask(records: &str, question: &str, query: &str) -> Result<String, JsError> {
    Ok(crate::ask_json(records, question, query)?)
}
