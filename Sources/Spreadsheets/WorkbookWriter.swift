internal import CXLSXWriter
internal import Domain

/// Writes an Excel workbook (ECMA-376) row by row. Memory holds one row of each sheet, and the bytes depend on nothing
/// but the cells.
///
/// Every method blocks; used by one thread at a time. A workbook that is not finished is of no use.
@safe
package struct WorkbookWriter: ~Copyable {
    /// Heads a column.
    package struct Column: Hashable, Sendable {
        package let title: String
        /// In characters of the default font.
        package let width: Int

        package init(_ title: String, width: Int = 12) {
            self.title = title
            self.width = width
        }
    }

    /// A sheet of the workbook, by its number.
    package struct Sheet: Hashable, Sendable { fileprivate let number: Int }

    /// libxlsxwriter frees it with its sheets and formats in `workbook_close`, which also writes the file.
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let heading: UnsafeMutablePointer<lxw_format>
    private let dateFormat: UnsafeMutablePointer<lxw_format>
    private let rowLimit: Int
    private var sheets: [SheetState] = []

    @safe
    private struct SheetState {
        let name: String
        let columns: [Column]
        /// Of the sheet that takes the next row: a table with many rows goes on in further sheets.
        var worksheet: UnsafeMutablePointer<lxw_worksheet>
        var rowCount = 1
        var sheetCount = 1
        var linkCount = 0
    }

    /// Rows of a sheet in Excel, with the heading.
    package static let largestSheet = 1_048_576
    /// Links in a sheet that Excel takes; further ones are written as text.
    package static let linkLimit = 65_530
    /// Characters of a cell in Excel.
    private static let textLimit = 32_767
    /// Tells Excel when the workbook was made: the same for all, 2000-01-01, so that the bytes are.
    private static let created = 946_684_800

    private init(
        takingOwnershipOf workbook: UnsafeMutablePointer<lxw_workbook>, heading: UnsafeMutablePointer<lxw_format>,
        dateFormat: UnsafeMutablePointer<lxw_format>, rowLimit: Int
    ) {
        unsafe self.workbook = workbook
        unsafe self.heading = heading
        unsafe self.dateFormat = dateFormat
        self.rowLimit = rowLimit
    }

    // There is no way to free a workbook without writing it; what this writes, its user removes.
    deinit { if let workbook = unsafe self.workbook { unsafe workbook_close(workbook) } }

    /// Begins a workbook at `path`, in place of what is there.
    ///
    /// - Parameters:
    ///   - scratch: the folder for temporary files of about the size of the sheets, unpacked.
    ///   - rowLimit: rows of a sheet with its heading, at least 2.
    package static func create(
        at path: String, scratch: String, rowLimit: Int = Self.largestSheet
    ) throws(WorkbookError) -> WorkbookWriter {
        let made = unsafe scratch.withCString { folder in
            var options = unsafe lxw_workbook_options(
                constant_memory: 1, tmpdir: UnsafeMutablePointer(mutating: folder), use_zip64: 1)
            return unsafe workbook_new_opt(path, &options)
        }
        guard let workbook = unsafe made, let heading = unsafe workbook_add_format(workbook),
            let dateFormat = unsafe workbook_add_format(workbook)
        else { throw WorkbookError("memory ran out", from: "workbook_new_opt") }
        unsafe format_set_bold(heading)
        unsafe format_set_num_format(dateFormat, "yyyy-mm-dd hh:mm:ss")
        var properties = unsafe lxw_doc_properties()
        unsafe properties.created = Self.created
        let status = unsafe workbook_set_properties(workbook, &properties)
        let writer = unsafe WorkbookWriter(
            takingOwnershipOf: workbook, heading: heading, dateFormat: dateFormat, rowLimit: rowLimit)
        try WorkbookError.check(status, from: "workbook_set_properties")
        return writer
    }

    /// Adds an empty sheet with a heading that stays in view and filters its columns.
    ///
    /// - Parameter name: at most 25 characters, none of `[]:*?/\`; unlike the others.
    package mutating func addSheet(named name: String, columns: [Column]) throws(WorkbookError) -> Sheet {
        let worksheet = try unsafe self.makeWorksheet(named: name, columns)
        self.sheets.append(unsafe SheetState(name: name, columns: columns, worksheet: worksheet))
        return Sheet(number: self.sheets.count - 1)
    }

    /// Adds a row below those that `sheet` has; a full sheet goes on in another one.
    package mutating func append(_ cells: [Cell], to sheet: Sheet) throws(WorkbookError) {
        var state = self.sheets[sheet.number]
        if state.rowCount == self.rowLimit {
            state.sheetCount += 1
            let name = "\(state.name) \(state.sheetCount)"
            unsafe state.worksheet = try unsafe self.makeWorksheet(named: name, state.columns)
            state.rowCount = 1
            state.linkCount = 0
        }
        for (column, cell) in cells.enumerated() { try self.write(cell, column, &state) }
        state.rowCount += 1
        self.sheets[sheet.number] = state
    }

    /// Writes the file.
    package consuming func finish() throws(WorkbookError) {
        let workbook = unsafe self.workbook
        // workbook_close frees the workbook, whether or not it could write it.
        unsafe self.workbook = nil
        try WorkbookError.check(unsafe workbook_close(workbook), from: "workbook_close")
    }
}

extension WorkbookWriter {
    private func makeWorksheet(
        named name: String, _ columns: [Column]
    ) throws(WorkbookError) -> UnsafeMutablePointer<lxw_worksheet> {
        guard let worksheet = unsafe workbook_add_worksheet(self.workbook, name) else {
            throw WorkbookError("a sheet cannot be named \(name)", from: "workbook_add_worksheet")
        }
        unsafe worksheet_freeze_panes(worksheet, 1, 0)
        unsafe worksheet_autofilter(worksheet, 0, 0, 0, lxw_col_t(max(0, columns.count - 1)))
        for (number, column) in columns.enumerated() {
            let place = lxw_col_t(number)
            unsafe worksheet_set_column(worksheet, place, place, Double(column.width), nil)
            try unsafe WorkbookError.check(
                worksheet_write_string(worksheet, 0, place, column.title, self.heading), from: "worksheet_write_string")
        }
        return unsafe worksheet
    }

    private func write(_ cell: Cell, _ column: Int, _ state: inout SheetState) throws(WorkbookError) {
        let (sheet, row, column) = unsafe (state.worksheet, lxw_row_t(state.rowCount), lxw_col_t(column))
        switch cell {
        case .empty: return
        case .text(let text): try unsafe self.write(text, sheet, row, column)
        case .whole(let number): try unsafe self.write(Double(number), sheet, row, column)
        case .number(let number, let decimals):
            try unsafe self.write(Cell.rounded(number, decimals: decimals), sheet, row, column)
        case .flag(let flag):
            try unsafe WorkbookError.check(
                worksheet_write_boolean(sheet, row, column, flag ? 1 : 0, nil), from: "worksheet_write_boolean")
        case .dateTime(let time): try unsafe self.write(time, sheet, row, column)
        case .link(let path):
            guard state.linkCount < Self.linkLimit, try unsafe self.link(path, sheet, row, column) else {
                return try unsafe self.write(path, sheet, row, column)
            }
            state.linkCount += 1
        }
    }

    /// Never a formula, whatever it begins with.
    private func write(
        _ text: String, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: lxw_row_t, _ column: lxw_col_t
    ) throws(WorkbookError) {
        var text = Self.withoutNoncharacters(text)
        // Excel counts UTF-16 units.
        while text.utf16.count > Self.textLimit { text.removeLast() }
        try unsafe WorkbookError.check(
            worksheet_write_string(sheet, row, column, text, nil), from: "worksheet_write_string")
    }

    /// XML has no way to spell these two (XML 1.0, section 2.2); libxlsxwriter escapes control characters itself.
    private static func withoutNoncharacters(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: self.isNoncharacter) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { self.isNoncharacter($0) ? "\u{FFFD}" : $0 }))
    }

    private static func isNoncharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{FFFE}" || scalar == "\u{FFFF}"
    }

    private func write(
        _ number: Double, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: lxw_row_t, _ column: lxw_col_t
    ) throws(WorkbookError) {
        try unsafe WorkbookError.check(
            worksheet_write_number(sheet, row, column, number, nil), from: "worksheet_write_number")
    }

    private func write(
        _ time: LocalDateTime, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: lxw_row_t, _ column: lxw_col_t
    ) throws(WorkbookError) {
        // Excel's dates begin with 1900; libxlsxwriter takes up to 9999.
        guard (1900...9999).contains(time.year) else { return try unsafe self.write(time.spaced, sheet, row, column) }
        var value = lxw_datetime(
            year: Int32(time.year), month: Int32(time.month), day: Int32(time.day), hour: Int32(time.hour),
            min: Int32(time.minute), sec: Double(time.second))
        try unsafe WorkbookError.check(
            worksheet_write_datetime(sheet, row, column, &value, self.dateFormat), from: "worksheet_write_datetime")
    }

    /// - Returns: whether there is a link now; a path that is too long for one is not linked.
    private func link(
        _ path: String, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: lxw_row_t, _ column: lxw_col_t
    ) throws(WorkbookError) -> Bool {
        // A name that cannot be spelled is shown, and not linked.
        guard !path.unicodeScalars.contains(where: Self.isNoncharacter) else { return false }
        let status = unsafe worksheet_write_url_opt(sheet, row, column, Self.reference(to: path), nil, path, nil)
        guard status != LXW_ERROR_WORKSHEET_MAX_URL_LENGTH_EXCEEDED, status != LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED
        else { return false }
        try WorkbookError.check(status, from: "worksheet_write_url_opt")
        return true
    }

    /// A relative reference (RFC 3986, section 4.2; RFC 3987 for letters outside ASCII), which programs follow from where
    /// the workbook is.
    private static func reference(to path: String) -> String {
        path.unicodeScalars.map { scalar in
            let isPlain =
                !scalar.isASCII || scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar)
            return isPlain
                ? String(scalar)
                : "%" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
        }.joined()
    }
}
