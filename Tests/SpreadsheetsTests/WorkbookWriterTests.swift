import Domain
import Foundation
import Testing

@testable import Spreadsheets

@Suite struct WorkbookWriterTests {
    private let folder = "\(NSTemporaryDirectory())/workbook-\(UUID().uuidString)"

    private func withFolder<Result>(_ body: () throws -> Result) throws -> Result {
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: self.folder) }  // Nothing is lost when it stays.
        return try body()
    }

    private func write(_ rows: [[Cell]], named name: String, rowLimit: Int = WorkbookWriter.largestSheet) throws -> Data
    {
        let path = "\(self.folder)/\(name)"
        var workbook = try WorkbookWriter.create(at: path, scratch: self.folder, rowLimit: rowLimit)
        let sheet = try workbook.addSheet(named: "Rows", columns: [.init("A", width: 20), .init("B")])
        for row in rows { try workbook.append(row, to: sheet) }
        try workbook.finish()
        return try Data(contentsOf: URL(filePath: path))
    }

    /// What Python's zipfile finds in a part of the workbook.
    private func part(_ part: String, of name: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        let program = "import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())"
        process.arguments = ["-c", program, "\(self.folder)/\(name)", part]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static let rows: [[Cell]] = [
        [.text("=1+1"), .whole(3)], [.text("Bär\u{0}\n"), .number(0.1234567, decimals: 4)],
        [.dateTime(.init(year: 2026, month: 7, day: 14, hour: 12, minute: 0, second: 0)), .flag(true)],
        [.link(path: "boxes/Site A/#1 100% ä.jpg"), .empty],
    ]

    @Test func theSameCellsAreTheSameBytes() throws {
        try self.withFolder {
            let first = try self.write(Self.rows, named: "1.xlsx")
            #expect(try self.write(Self.rows, named: "2.xlsx") == first)
        }
    }

    @Test func textIsNeverAFormula() throws {
        try self.withFolder {
            _ = try self.write(Self.rows, named: "a.xlsx")
            let sheet = try self.part("xl/worksheets/sheet1.xml", of: "a.xlsx")
            #expect(!sheet.contains("<f>"))
            #expect(sheet.contains("<t>=1+1</t>"))
            #expect(sheet.contains("<v>0.1235</v>"))
            // Noon of 2026-07-14 in Excel's days since 1899-12-30.
            #expect(sheet.contains("<v>46217.5</v>"))
        }
    }

    /// Python's parser, as Excel, refuses what XML 1.0 does not have.
    @Test func textThatXMLCannotSpellIsReplaced() throws {
        try self.withFolder {
            _ = try self.write([[.text("a\u{FFFE}b\u{FFFF}"), .link(path: "boxes/\u{FFFF}.jpg")]], named: "x.xlsx")
            let sheet = try self.part("xl/worksheets/sheet1.xml", of: "x.xlsx")
            #expect(sheet.contains("<t>a\u{FFFD}b\u{FFFD}</t>") && sheet.contains("<t>boxes/\u{FFFD}.jpg</t>"))
            #expect(!sheet.contains("hyperlink"))
        }
    }

    @Test func aFullSheetGoesOnInAnother() throws {
        try self.withFolder {
            _ = try self.write((1...5).map { [.whole($0)] }, named: "a.xlsx", rowLimit: 3)
            let names = try self.part("xl/workbook.xml", of: "a.xlsx")
            #expect(["\"Rows\"", "\"Rows 2\"", "\"Rows 3\""].allSatisfy(names.contains))
            let last = try self.part("xl/worksheets/sheet3.xml", of: "a.xlsx")
            #expect(last.contains("<v>5</v>") && !last.contains("<v>4</v>"))
        }
    }

    @Test func aLinkIsRelative() throws {
        try self.withFolder {
            _ = try self.write(Self.rows, named: "a.xlsx")
            let links = try self.part("xl/worksheets/_rels/sheet1.xml.rels", of: "a.xlsx")
            #expect(links.contains("Target=\"boxes/Site%20A/%231%20100%25%20ä.jpg\""))
        }
    }

    @Test func anUnwritablePathThrows() {
        #expect(throws: WorkbookError.self) {
            let workbook = try WorkbookWriter.create(at: "/dev/null/a.xlsx", scratch: "/tmp")
            try workbook.finish()
        }
    }

    @Test func aBadNameOfASheetThrows() throws {
        try self.withFolder {
            _ = #expect(throws: WorkbookError.self) {
                var workbook = try WorkbookWriter.create(at: "\(self.folder)/a.xlsx", scratch: self.folder)
                _ = try workbook.addSheet(named: "a/b", columns: [])
            }
        }
    }
}
