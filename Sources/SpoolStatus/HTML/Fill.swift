/// What a colour of the page stands for. The style sheet gives each its colour for light and dark; the one here is for
/// where no style sheet is allowed.
enum Fill: String {
    case sent, failed, deferred, doubt, sending, waiting, skipped

    private var color: String {
        switch self {
        case .sent: "#2563c9"
        case .failed: "#c2371f"
        case .deferred: "#b97a00"
        case .doubt: "#7d4bb8"
        case .sending: "#0e8a9c"
        case .waiting: "#8790a0"
        case .skipped: "#5b6472"
        }
    }

    /// For an element of a drawing.
    var attributes: HTML { "class=\"f-\(rawValue)\" fill=\"\(color)\"" }

    /// A little square for a legend.
    var swatch: HTML {
        """
        <svg class="swatch" width="10" height="10" aria-hidden="true">\
        <rect \(attributes) width="10" height="10" rx="2"/></svg>
        """
    }
}
