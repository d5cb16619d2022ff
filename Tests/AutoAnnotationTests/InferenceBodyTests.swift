import Foundation
import Testing

@testable import AutoAnnotation

@Suite struct InferenceBodyTests {
    private static func body(isBinary: Bool) -> InferenceBody {
        InferenceBody(inputName: "images", outputName: "output0", isBinary: isBinary)
    }

    @Test func plainNumbersAreJSONOfTheProtocol() throws {
        let values: [Float] = [0, 1, 114.0 / 255, 0.123]
        let request = try Self.body(isBinary: false).request(values, shape: [1, 1, 2, 2])
        let json = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        let input = try #require((json?["inputs"] as? [[String: Any]])?.first)
        #expect(input["name"] as? String == "images")
        #expect(input["datatype"] as? String == "FP32")
        #expect(input["shape"] as? [Int] == [1, 1, 2, 2])
        #expect((input["data"] as? [Double])?.map(Float.init) == values)
    }

    @Test func binaryNumbersFollowTheJSON() throws {
        let request = try Self.body(isBinary: true).request([1, -2], shape: [1, 2])
        let length = try #require(request.headers[InferenceBody.lengthHeader].flatMap { Int($0) })
        #expect(Array(request.body[length...]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    }

    static let answers = [
        #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[1,2,2],"data":[1,2,3,4]}]}"#,
        #"{"outputs":[{"name":"other","datatype":"FP32","shape":[1],"data":[9]},"#
            + #"{"name":"output0","datatype":"FP32","shape":[1,2,2],"data":[[[1,2],[3,4]]]}]}"#,
    ]

    @Test(arguments: answers)
    func flatAndNestedNumbersAreTheSame(answer: String) throws {
        let output = try Self.body(isBinary: false).output(of: Array(answer.utf8), jsonByteCount: nil)
        #expect(output.values == [1, 2, 3, 4])
        #expect(output.shape == [1, 2, 2])
    }

    @Test func binaryAnswerIsReadBehindItsJSON() throws {
        let json = Array(
            #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[1,1,2],"parameters":{"binary_data_size":8}}]}"#
                .utf8)
        let bytes = json + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
        #expect(try Self.body(isBinary: true).output(of: bytes, jsonByteCount: json.count).values == [1, -2])
        #expect(throws: EngineError.self) {
            try Self.body(isBinary: true).output(of: Array(bytes.dropLast()), jsonByteCount: json.count)
        }
    }

    static let nonsense = [
        "", "<html>", "{}", #"{"outputs":[]}"#,
        #"{"outputs":[{"name":"output0","datatype":"INT64","shape":[1,1,1],"data":[1]}]}"#,
        #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[1,7,2100],"data":[1]}]}"#,
        #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[-1,-1,1],"data":[1]}]}"#,
        #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[9223372036854775807,2,2],"data":[1]}]}"#,
        #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[1,1,1],"data":["x"]}]}"#,
        #"{"outputs":[{"name":"output0","datatype":"FP32","shape":[1,1,2],"parameters":{"binary_data_size":-8}}]}"#,
    ]

    @Test(arguments: nonsense)
    func nonsenseIsABadAnswer(answer: String) {
        for length in [nil, 0, -5, 1 << 40] as [Int?] {
            #expect {
                try Self.body(isBinary: false).output(of: Array(answer.utf8), jsonByteCount: length)
            } throws: { ($0 as? EngineError)?.code == .badAnswer }
        }
    }
}
