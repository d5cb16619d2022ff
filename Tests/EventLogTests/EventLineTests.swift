import Foundation
import Testing

@testable import EventLog

@Suite struct EventLineTests {
    static let hostile = "a \"b\" = \\ \n\r\t\u{1b}[31mred\u{7f}\u{85}\u{2028}\u{202e}\0\u{feff} 🎬é.mp4"

    private func line(_ message: String, _ fields: [(name: String, value: String)] = []) -> EventLine {
        EventLine(time: 1_795_255_200_007, level: "info", source: "serve", message: message, fields: fields)
    }

    @Test func aLineOfTextNamesTimeLevelSourceMessageAndFields() {
        #expect(
            self.line("work item done", [("clip", "3"), ("work", "part 3"), ("path", "a=b"), ("none", "")]).text
                == "2026-11-21T10:00:00.007Z info serve: work item done clip=3 work=\"part 3\" path=\"a=b\" none=\"\"")
    }

    @Test func hostileTextStaysOneLineThatSteersNothing() {
        let text = self.line(Self.hostile, [("path", Self.hostile)]).text
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
        #expect(!text.unicodeScalars.contains { [0x2028, 0x202E, 0xFEFF].contains($0.value) })
        #expect(text.contains("\\n\\r\\t\\u{1b}[31mred"))
        #expect(text.contains("🎬é.mp4"))
    }

    @Test func hostileTextComesBackFromJSONAsItWas() throws {
        let json = self.line(Self.hostile, [("path", Self.hostile), ("level", "mine")]).json
        #expect(json.utf8.allSatisfy { $0 >= 0x20 })
        let object = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
        #expect(object["message"] == Self.hostile)
        #expect(object["path"] == Self.hostile)
        #expect(object["level"] == "info")
        #expect(object["level_"] == "mine")
        #expect(object["time"] == "2026-11-21T10:00:00.007Z")
    }

    @Test func longTextIsCut() {
        let text = self.line(String(repeating: "é", count: 5000)).text
        #expect(text.hasSuffix("é…"))
        #expect(text.count < 2100)
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    ])
    func timesAreISO8601InUTC(milliseconds: Int64, text: String) {
        #expect(EventLine.iso8601(milliseconds) == text)
    }
}
