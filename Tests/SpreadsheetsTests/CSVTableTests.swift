import Domain
import Testing

@testable import Spreadsheets

@Suite struct CSVTableTests {
    @Test(arguments: [
        (Cell.empty, ""), (.text("fox"), "fox"), (.text("a,b"), "\"a,b\""), (.text("say \"no\""), "\"say \"\"no\"\"\""),
        (.text("two\r\nlines"), "\"two\r\nlines\""), (.whole(-3), "-3"), (.number(0.12345, decimals: 3), "0.123"),
        (.number(2, decimals: 3), "2"), (.number(-0.0001, decimals: 2), "0"), (.flag(false), "false"),
        (.link(path: "boxes/a.jpg"), "boxes/a.jpg"),
        (.dateTime(.init(year: 2026, month: 7, day: 4, hour: 3, minute: 2, second: 1)), "2026-07-04 03:02:01"),
    ])
    func aCellIsWrittenAs(cell: Cell, text: String) {
        #expect(CSVTable.line([cell]) == text + "\r\n")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    func noTextIsAFormula(text: String) {
        #expect(CSVTable.line([.text(text)]).contains("'" + text))
        #expect(CSVTable.line([.link(path: text)]).contains("'" + text))
    }

    @Test func cellsAreSeparatedByCommas() {
        #expect(CSVTable.line([.whole(1), .empty, .text("x")]) == "1,,x\r\n")
    }
}
