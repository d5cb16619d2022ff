import Foundation
import Testing

@testable import Archives

@Suite struct FileNamesTests {
    /// Names of one source in a character set that nobody wrote down.
    static let names: [(text: String, bytes: [UInt8])] = [
        ("täglich/Größe.jpg", Array("t\u{84}glich/Gr\u{94}\u{E1}e.jpg".unicodeScalars.map { UInt8($0.value) })),
        ("äöü.png", [0x84, 0x94, 0x81] + Array(".png".utf8)),
        ("über España.jpg", [0x81] + Array("ber Espa".utf8) + [0xA4] + Array("a.jpg".utf8)),
        ("São João.jpg", Array("S".utf8) + [0xC6] + Array("o Jo".utf8) + [0xC6] + Array("o.jpg".utf8)),
        ("日本.jpg", [0x93, 0xFA, 0x96, 0x7B] + Array(".jpg".utf8)),
        ("写真1.jpg", [0x8E, 0xCA, 0x90, 0x5E] + Array("1.jpg".utf8)),
        ("カメラ.png", [0x83, 0x4A, 0x83, 0x81, 0x83, 0x89] + Array(".png".utf8)),
        ("фото.jpg", [0xE4, 0xAE, 0xE2, 0xAE] + Array(".jpg".utf8)),
        ("Привет.jpg", [0x8F, 0xE0, 0xA8, 0xA2, 0xA5, 0xE2] + Array(".jpg".utf8)),
        ("照片.jpg", [0xD5, 0xD5, 0xC6, 0xAC] + Array(".jpg".utf8)),
    ]

    @Test(arguments: names)
    func theCharacterSetIsTheOneThatGivesWords(text: String, bytes: [UInt8]) {
        #expect(FileNames([bytes]).text(of: bytes) == text)
    }

    @Test func textStaysAsItIsByteByByte() {
        for name in ["a.jpg", "caf\u{e9}.jpg", "cafe\u{301}.jpg", "日本.jpg"] {
            let bytes = Array(name.utf8)
            #expect(Array(FileNames([bytes]).text(of: bytes).utf8) == bytes)
        }
    }

    @Test func noiseIsStillAName() {
        let bytes = [UInt8](0x80...0xFF)
        #expect(!FileNames([bytes]).text(of: bytes).isEmpty)
    }
}
