import Testing

@testable import FrameKit

@Suite struct MediaErrorTests {
    static let statuses: [(Int32, MediaError.Code)] = [
        (-12, .outOfMemory),
        (-28, .noSpace),
        (-5, .inputOutput),
        (-1_414_092_869, .cancelled),
        (-1_094_995_529, .unreadable),
    ]

    @Test(arguments: statuses)
    func statusBecomesCode(status: Int32, code: MediaError.Code) {
        let error = MediaError(status: status, from: "av_read_frame", while: "reading", otherwise: .unreadable)
        #expect(error.code == code)
    }
}
