/// The version of this tool, as it is printed and recorded.
public enum ToolVersion {
    /// The version.
    public static let current = "0.1.0"
}
