/// The program as a whole.
package enum Spool {
    /// The version that `--version` prints.
    package static let version = "1.0"
}
