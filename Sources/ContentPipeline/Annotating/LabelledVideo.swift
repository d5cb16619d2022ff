package import Domain
internal import FoundationEssentials

/// A video and the objects in its frames: JSON Lines, one object for each frame, such as
/// `{"frame": 0, "boxes": [{"label": "car", "x": 1, "y": 2, "w": 3, "h": 4}]}`; frames count from 0, boxes are in
/// pixels of the displayed picture.
package struct LabelledVideo: Sendable {
    package let video: String
    /// By frame, from 0.
    let truth: [Int: [Detection]]

    /// Reads the file; blocks on the disk.
    ///
    /// - Throws: ``AnnotationFailure/refused(_:)`` naming the first line that is wrong.
    package init(video: String, truthFile: String) throws(AnnotationFailure) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: truthFile)) } catch {
            throw .refused("\(truthFile) cannot be read.")
        }
        var truth: [Int: [Detection]] = [:]
        for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            // Why a line is none matters less than which one it is.
            guard let frame = try? JSONDecoder().decode(Line.self, from: line),
                truth.updateValue(frame.boxes.map(\.detection), forKey: frame.frame) == nil
            else {
                throw .refused(
                    "\(truthFile):\(index + 1) is not {\"frame\": …, \"boxes\": […]}, or a frame comes twice.")
            }
        }
        guard truth.values.contains(where: { !$0.isEmpty }) else { throw .refused("\(truthFile) has no box.") }
        self.video = video
        self.truth = truth
    }

    private struct Line: Decodable {
        let frame: Int
        let boxes: [TruthBox]
    }
}

/// A box in the form of truth and prediction files.
struct TruthBox: Codable {
    let label: String
    let x: Double
    let y: Double
    let w: Double
    let h: Double
    /// Of predictions.
    let score: Double?
    let track: Int?

    init(_ detection: Detection) {
        self.label = detection.label
        self.x = detection.box.x
        self.y = detection.box.y
        self.w = detection.box.width
        self.h = detection.box.height
        self.score = detection.confidence
        self.track = detection.trackId
    }

    var detection: Detection {
        Detection(box: Box(x: self.x, y: self.y, width: self.w, height: self.h), label: self.label, confidence: 1)
    }
}
