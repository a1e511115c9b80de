/// The program as a whole.
public enum Spool {
    /// The version that `--version` prints.
    public static let version = "1.0"
}
