import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// A small file whose tables speak of millions of entries is the upload's fault, and is refused before it takes memory.
@Suite struct AbsurdTableTests {
    struct Patch: Sendable {
        /// The type of the box, and where its number lies after the type, in bytes.
        let box: String
        let offset: Int
        let value: UInt32
    }

    private static let samples: UInt32 = 80_000_000

    static let patches: [[Patch]] = [
        [Patch(box: "stts", offset: 4, value: 0x7fff_ffff)],
        [Patch(box: "stco", offset: 4, value: 0xffff_ffff)],
        // All samples have one byte, and lie in one chunk: no table says more.
        [
            Patch(box: "stsz", offset: 4, value: 1), Patch(box: "stsz", offset: 8, value: samples),
            Patch(box: "stsc", offset: 12, value: samples), Patch(box: "stts", offset: 8, value: samples),
        ],
    ]

    @Test(arguments: patches) func aTableOfMillionsOfEntriesIsTheUploadsFault(_ patches: [Patch]) async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast -bf 0", as: "mp4", frameCount: 20)
        var bytes = try Data(contentsOf: video.url)
        for patch in patches {
            let place = try #require(bytes.range(of: Data(patch.box.utf8))).upperBound + patch.offset
            withUnsafeBytes(of: patch.value.bigEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
        }
        try bytes.write(to: video.url)
        let source = try SourceFile(path: video.path)
        let error = await #expect(throws: MediaError.self) { try await MediaIndex.build(of: source) }
        #expect(error.map { [.unreadable, .limitExceeded].contains($0.code) } == true)
        #expect(error?.message.hasPrefix(source.name) == true)
    }
}
