/// The release of both programs, as `--version` prints it and `/openapi.json` names it.
package enum ProductVersion {
    package static let text = "1.0.0"
}
