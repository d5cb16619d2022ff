import Testing

@testable import Domain

@Suite struct ProcessParametersTests {
    static let good = [
        "upload_id": "6b00f043bb882ea412a77c92", "project_id": "6b00f043bb882ea412a77c91", "frame_rate": "5",
        "content_path": "./contents/uploads/p/a.mp4", "force_write": "0", "auto_anno_version": "0",
        "request_type": "0",
    ]

    @Test func contentTypeIsVideoByDefault() throws {
        let parameters = try ProcessParameters(fields: Self.good, versions: [])
        #expect(parameters.contentType == .video)
        #expect(parameters.frameRate == 5)
        #expect(!parameters.forceWrite)
    }

    static let bad: [(String, String?)] = [
        ("upload_id", nil), ("upload_id", ""), ("upload_id", "xyz"), ("project_id", "12"),
        ("frame_rate", "0"), ("frame_rate", "241"), ("frame_rate", "5.5"), ("frame_rate", "-1"), ("frame_rate", nil),
        ("content_path", ""), ("content_path", "a\nb"), ("content_path", String(repeating: "a", count: 5000)),
        ("force_write", "2"), ("force_write", "true"), ("auto_anno_version", "-1"), ("auto_anno_version", "1"),
        ("request_type", "3"), ("content_type", "3"),
    ]

    @Test(arguments: bad)
    func aBadFieldIsNamed(field: String, value: String?) {
        var fields = Self.good
        fields[field] = value
        #expect(throws: FieldErrors.self) { try ProcessParameters(fields: fields, versions: [1]) }
        do {
            _ = try ProcessParameters(fields: fields, versions: [1])
        } catch {
            #expect(error.errors.map(\.field) == [field])
        }
    }

    @Test func allBadFieldsAreNamedAtOnce() {
        do {
            _ = try ProcessParameters(fields: [:], versions: [])
            Issue.record("nothing was refused")
        } catch {
            #expect(
                error.errors.map(\.field) == [
                    "upload_id", "project_id", "frame_rate", "content_path", "force_write", "auto_anno_version",
                    "request_type",
                ])
        }
    }

    @Test func anUnknownVersionIsRefusedWithTheKnownOnes() throws {
        var fields = Self.good
        fields["request_type"] = "1"
        fields["auto_anno_version"] = "7"
        do {
            _ = try ProcessParameters(fields: fields, versions: [1, 3])
            Issue.record("nothing was refused")
        } catch {
            #expect(error.errors.map(\.field) == ["auto_anno_version"])
            #expect(error.errors[0].message.contains("1, 3"))
        }
    }
}
