internal import Domain
internal import FrameKit

/// What a video is, what would be kept of it, and what is wrong with it. Nothing is decoded to find out.
///
/// As JSON it has these names; seconds and frames per second are numbers, what the file does not say is absent.
package struct ProbeReport: Encodable, Hashable, Sendable {
    /// The file's name without its directories.
    package let file: String
    package let byteCount: Int64
    /// FFmpeg's name of it.
    package let container: String
    package let video: Video
    package let picture: Picture
    package let color: Color
    package let timing: Timing
    package let keyframes: Keyframes
    /// What else the file holds: no clip shows or plays it.
    package let ignoredStreams: [IgnoredStream]
    /// What would be kept; `nil` where no rate was asked for.
    package let sampling: Sampling?
    /// Plain sentences.
    package let problems: [String]

    package struct Video: Encodable, Hashable, Sendable {
        package let codec: String
        package let profile: String?
        package let pixelFormat: String?
        package let isInterlaced: Bool
        /// "topFirst" or "bottomFirst"; absent for a progressive video.
        package let fieldOrder: String?
        /// Whether clips show progressive pictures instead of the fields.
        package let isDeinterlaced: Bool
    }

    package struct Picture: Encodable, Hashable, Sendable {
        /// As displayed: turned, with square pixels.
        package let width: Int
        package let height: Int
        package let storedWidth: Int
        package let storedHeight: Int
        /// Width and height of a stored pixel, such as "4:3".
        package let pixelAspect: String?
        /// Degrees by which a player turns the stored picture clockwise.
        package let rotation: Int
        package let isMirrored: Bool
    }

    package struct Color: Encodable, Hashable, Sendable {
        package let range: String?
        package let matrix: String?
        package let primaries: String?
        package let transfer: String?
        /// Whether clips show the pictures in BT.709 instead of their high dynamic range.
        package let isToneMapped: Bool
    }

    package struct Timing: Encodable, Hashable, Sendable {
        package let frameCount: Int
        /// Seconds from the first frame to the end of the last; `nil` for a single frame.
        package let duration: Double?
        /// Frames per second; `nil` for a single frame.
        package let meanFrameRate: Double?
        package let isConstantRate: Bool
        /// Seconds between the two frames that are farthest apart; `nil` for a single frame.
        package let longestGap: Double?
    }

    /// The places at which decoding can start.
    package struct Keyframes: Encodable, Hashable, Sendable {
        package let count: Int
        /// Seconds from one to the next or to the end, on average and at most; `nil` for a single frame.
        package let meanSpacing: Double?
        package let longestSpacing: Double?
    }

    package struct IgnoredStream: Encodable, Hashable, Sendable {
        /// "video", "coverArt", "audio", "subtitles" or "data".
        package let kind: String
        package let codec: String?
        package let width: Int?
        package let height: Int?
    }

    package struct Sampling: Encodable, Hashable, Sendable {
        package let frameRate: Int
        package let framesPerTask: Int
        package let keptFrameCount: Int
        package let clips: [Clip]
    }

    /// A clip in the words of its task document.
    package struct Clip: Encodable, Hashable, Sendable {
        package let name: String
        package let frameStart: Int
        package let frameEnd: Int
        package let frameStartTime: Double
        package let frameCount: Int
        package let duration: String
        package let originalFrames: [Int]

        private enum CodingKeys: String, CodingKey {
            case name = "taskName"
            case frameStart, frameEnd, frameStartTime, frameCount
            case duration = "videoDuration"
            case originalFrames = "original_frames"
        }
    }
}
