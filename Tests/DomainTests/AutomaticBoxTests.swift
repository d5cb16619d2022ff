import Foundation
import Testing

@testable import Domain

@Suite struct AutomaticBoxTests {
    private static func object(_ detection: Detection) throws -> [String: Any] {
        let box = try #require(AutomaticBox.boxes([detection], version: 3).first)
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(box))
        return try #require(json as? [String: Any])
    }

    private static let car = Detection(
        box: Box(x: 10.03, y: 20, width: 30.5, height: 40.25), label: "car", confidence: 0.87123)

    @Test func documentHasTheContractsFieldsAndSpelling() throws {
        let document = try Self.object(Self.car)
        #expect(Set(document.keys) == ["id", "boundaries", "attributeValues"])
        let boundaries = try #require(document["boundaries"] as? [String: Any])
        let names: Set = [
            "id", "type", "label", "color", "status", "isPermanent", "x", "y", "w", "h", "attributeValues",
            "autoLable_confidance", "confidence", "annotationVersion",
        ]
        #expect(Set(boundaries.keys) == names)
        #expect(boundaries["type"] as? String == "rectangle")
        #expect(boundaries["status"] as? String == "completed")
        #expect(boundaries["isPermanent"] as? Bool == true)
        #expect(boundaries["autoLable_confidance"] as? String == "0.8712")
        #expect(boundaries["confidence"] as? Double == 0.8712)
        #expect(boundaries["annotationVersion"] as? Int == 3)
        #expect((boundaries["attributeValues"] as? [String: Any])?.isEmpty == true)
        #expect(document["id"] as? Int == 1)
    }

    static let texts: [(Double, String)] = [(1, "1.0000"), (0, "0.0000"), (0.05, "0.0500"), (0.99996, "1.0000")]

    @Test(arguments: texts)
    func confidenceHasFourDecimals(confidence: Double, text: String) throws {
        var detection = Self.car
        detection.confidence = confidence
        let boundaries = try #require(try Self.object(detection)["boundaries"] as? [String: Any])
        #expect(boundaries["autoLable_confidance"] as? String == text)
    }

    @Test func trackNumberIsThereOnlyWithTracking() throws {
        var detection = Self.car
        detection.trackId = 7
        let boundaries = try #require(try Self.object(detection)["boundaries"] as? [String: Any])
        #expect(boundaries["trackId"] as? Int == 7)
    }

    @Test func roundingNeverMovesABoxOutOfItsPicture() throws {
        let width = 641.0
        for step in 0..<200 {
            let x = Double(step) * 3.1417
            let detection = Detection(
                box: Box(x: x, y: 0, width: width - x, height: 1), label: "car", confidence: 1)
            let boundaries = try #require(try Self.object(detection)["boundaries"] as? [String: Any])
            let right = try #require(boundaries["x"] as? Double) + (try #require(boundaries["w"] as? Double))
            #expect(right <= width)
        }
    }

    @Test func sameLabelHasTheSameColour() {
        #expect(LabelColor.of("car") == LabelColor.of("car"))
        #expect(LabelColor.of("car").wholeMatch(of: /#[0-9A-F]{6}/) != nil)
        #expect(Set(["person", "car", "ball"].map(LabelColor.of)).count == 3)
    }
}
