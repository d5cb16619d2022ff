import Foundation
import Testing

@testable import AutoAnnotation

/// The files of `samples/detector`.
enum Sample {
    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "samples/detector/\(name)").path()
    }

    static let classNames = ["person", "car", "ball"]
}

@Suite struct DetectorModelTests {
    @Test func modelSaysItsClassesAndItsSize() throws {
        let model = try DetectorModel(path: Sample.path("shapes.onnx"), name: "shapes.onnx")
        #expect(model.classNames == Sample.classNames)
        #expect(model.inputWidth == 320)
        #expect(model.inputHeight == 320)
        #expect(model.fixedBatchCount == nil)
    }

    @Test func absentFileIsABadModel() {
        #expect { try DetectorModel(path: "/nowhere/x.onnx", name: "x.onnx") } throws: { error in
            (error as? EngineError) == EngineError(.badModel, "The model file x.onnx cannot be read.")
        }
    }

    @Test func otherBytesAreNoModel() {
        for bytes in [[], [0xFF], Array("GIF89a and more text".utf8), [0x3A, 0x05, 1, 2]] as [[UInt8]] {
            #expect { try DetectorModel(bytes: Data(bytes), name: "x.onnx") } throws: { error in
                (error as? EngineError)?.code == .badModel
            }
        }
    }

    @Test func everyCutOfTheModelIsRefusedOrReadAlike() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Sample.path("shapes.onnx"))))
        for count in stride(from: 0, to: bytes.count, by: bytes.count / 7) {
            #expect(throws: EngineError.self) { try DetectorModel(bytes: Data(bytes.prefix(count)), name: "x.onnx") }
        }
    }

    static let names: [(String, [String]?)] = [
        ("{0: 'person', 1: 'car'}", ["person", "car"]),
        ("{1: \"car's\", 0: 'a \\' b'}", ["a ' b", "car's"]),
        ("{}", []),
        ("{0: 'a', 2: 'b'}", nil),
        ("['a']", nil),
        ("{0: 'a'", nil),
    ]

    @Test(arguments: names)
    func namesAreReadFromAPythonDictionary(text: String, names: [String]?) {
        #expect(PythonLiteral.names(in: text) == names)
    }

    @Test func sizesAreReadFromAPythonList() {
        #expect(PythonLiteral.numbers(in: "[384, 640]") == [384, 640])
        #expect(PythonLiteral.numbers(in: "640") == [640])
        #expect(PythonLiteral.numbers(in: "wide") == nil)
    }
}
