internal import Domain

/// Lines of comma-separated values (RFC 4180), with `\r\n` at their ends.
package enum CSVTable {
    /// One line.
    ///
    /// Text that a spreadsheet program would take for a formula gets an apostrophe in front, as OWASP advises
    /// (<https://owasp.org/www-community/attacks/CSV_Injection>).
    package static func line(_ cells: [Cell]) -> String {
        cells.map { self.quoted(self.text(of: $0)) }.joined(separator: ",") + "\r\n"
    }

    private static func text(of cell: Cell) -> String {
        switch cell {
        case .empty: ""
        case .text(let text): self.guarded(text)
        case .link(let path): self.guarded(path)
        case .whole(let number): String(number)
        case .number(let number, let decimals): self.text(of: Cell.rounded(number, decimals: decimals))
        case .dateTime(let time): time.spaced
        case .flag(let flag): flag ? "true" : "false"
        }
    }

    /// Without the ".0" of whole numbers.
    private static func text(of number: Double) -> String {
        Int(exactly: number).map { String($0) } ?? "\(number)"
    }

    private static func guarded(_ text: String) -> String {
        // By scalars: "\r\n" is one character.
        guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return text }
        return "'\(text)"
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

extension CSVTable {
    /// The first line.
    package static func heading(_ columns: [WorkbookWriter.Column]) -> String {
        self.line(columns.map { .text($0.title) })
    }
}
