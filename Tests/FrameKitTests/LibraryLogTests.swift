import Testing

@testable import FrameKit

@Suite struct LibraryLogTests {
    @Test(arguments: [
        ("[h264 @ 0x55d0c0ffee] error while decoding MB 3 4\n", "h264: error while decoding MB 3 4"),
        ("[mov,mp4 @ 0x1] [h264 @ 0x2] no frame!\n", "mov,mp4: h264: no frame!"),
        ("no prefix\r\n\u{1b}[31m at \t all\u{7}", "no prefix [31m at all"),
        ("[not a prefix] 1 2 3", "[not a prefix] 1 2 3"),
        ("", ""),
    ])
    func linesComeWithoutAddressesAndControlCharacters(line: String, text: String) {
        #expect(LibraryLog.plain(Array(line.utf8)) == text)
    }
}
