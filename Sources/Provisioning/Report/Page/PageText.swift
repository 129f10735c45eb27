/// Numbers and times as pages write them.
enum PageText {
    /// `1,234,567`.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// `1 device`, `2,000 devices`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `0.4 ms`, `12 ms`, `3.2 s`, `2 min 5 s`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 0.01 { return "\(fixed(seconds * 1_000, 1)) ms" }
        if seconds < 1 { return "\(fixed(seconds * 1_000, 0)) ms" }
        if seconds < 120 { return "\(fixed(seconds, 1)) s" }
        let whole = Int(seconds.rounded())
        return whole < 7_200
            ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3_600) h \(whole % 3_600 / 60) min"
    }

    /// A share of a whole: `100%`, `4.2%`, `less than 0.1%`.
    static func share(_ part: Double, of whole: Double) -> String {
        guard whole > 0, part > 0 else { return "0%" }
        let percent = 100 * part / whole
        if percent < 0.1 { return "less than 0.1%" }
        if percent > 99.9, part < whole { return "more than 99.9%" }
        return fixed(percent, percent < 10 ? 1 : 0) + "%"
    }

    /// A number with so many decimals, at most three.
    static func fixed(_ number: Double, _ decimals: Int) -> String {
        let scale = [1, 10, 100, 1_000][max(0, min(decimals, 3))]
        guard number.isFinite, number.magnitude < 1e15 else { return "-" }
        let scaled = Int((number.magnitude * Double(scale)).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard scale > 1 else { return sign + grouped(scaled) }
        let rest = String(scaled % scale)
        return "\(sign)\(grouped(scaled / scale))." + String(repeating: "0", count: max(0, decimals - rest.count))
            + rest
    }

    /// `24 November 2026, 09:12:05 UTC` of `2026-11-24T09:12:05Z`; what is no such text stays as it is.
    static func moment(_ text: String) -> String {
        let parts = text.split { "-T:Z".contains($0) }.compactMap { Int($0) }
        guard parts.count == 6, (1...12).contains(parts[1]) else { return text }
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0]), \(clock(text)) UTC"
    }

    /// `09:12:05` of the same.
    static func clock(_ text: String) -> String {
        guard let time = text.split(separator: "T").last, text.contains("T") else { return text }
        return time.hasSuffix("Z") ? String(time.dropLast()) : String(time)
    }

    /// Coordinates in a drawing that is 1,000 wide.
    static func coordinate(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let text = fixed(max(0, min(value, 1_000)), 2)
        // Digits are not grouped within numbers that a drawing reads.
        return text.filter { $0 != "," }
    }
}
