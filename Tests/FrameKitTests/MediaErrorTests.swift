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

    @Test func memoryThatBytesOfTheUploadAskForIsTheUploadsFault() {
        let error = MediaError(
            status: -12, from: "avformat_open_input", while: "cam.mp4 is not a video", otherwise: .limitExceeded)
        #expect(error.code == .limitExceeded)
        #expect(error.message == "cam.mp4 is not a video: its tables ask for more memory than any video needs")
    }

    @Test func aNumberWithoutWordsIsNotQuoted() {
        let error = MediaError(status: -123_456, from: "avcodec_open2", while: "encoding", otherwise: .encoderFailure)
        #expect(error.message == "encoding: an unknown error")
    }
}
