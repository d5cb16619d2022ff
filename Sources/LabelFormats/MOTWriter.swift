internal import Domain

/// MOTChallenge: a sequence for each task and split, with the tracks of its objects.
///
/// Source: <https://motchallenge.net/instructions/>. Lines are `frame,track,left,top,width,height,1,class,visibility`; classes
/// count from 1. Readers such as TrackEval want each number once in a frame, so a box without a track is a track of its own,
/// numbered from 1,000,001 (they make tables as long as the highest number). They want frames without gaps, too: those of a
/// sequence are numbered from 1 however many of the task's frames are in another split, and `frames.csv` tells which frame of
/// the task each of them is. Augmented pictures belong to no sequence.
struct MOTWriter: FormatWriter {
    let classes: ClassList
    /// Of the present task, what is known of the sequence in each folder.
    private var sequences: [String: Sequence] = [:]

    private struct Sequence {
        let first: DatasetImage
        var frameCount = 0
        /// Boxes without a track.
        var looseCount = 0

        /// The number of a box's track.
        mutating func trackNumber(of box: LabelledBox) -> Int {
            if let number = box.trackId { return number }
            self.looseCount += 1
            return MOTWriter.largestTrack + self.looseCount
        }
    }

    /// Numbers above belong to boxes without a track.
    private static let largestTrack = 1_000_000

    init(classes: ClassList) { self.classes = classes }

    mutating func begin(pass: Int) -> [FileFragment] { [] }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        guard image.augmentation == nil else { return [] }
        let folder = Self.folder(of: image)
        var closing: [FileFragment] = []
        if self.sequences.values.first.map({ $0.first.taskId != image.taskId }) ?? false {
            closing = self.closing
            self.sequences = [:]
        }
        var sequence = self.sequences[folder] ?? Sequence(first: image)
        sequence.frameCount += 1
        let lines = image.boxes.map { classified in
            let track = sequence.trackNumber(of: classified.labelled)
            let box = classified.box
            let sides = [box.x, box.y, box.width, box.height].map { FixedPoint.text($0, decimals: 3) }
            return "\(sequence.frameCount),\(track),\(sides.joined(separator: ",")),1,"
                + "\(classified.classNumber + 1),1\n"
        }
        self.sequences[folder] = sequence
        let heading = sequence.frameCount == 1 ? "number,frame\n" : ""
        return closing + [
            FileFragment("\(folder)/gt/gt.txt", lines.joined()),
            FileFragment("\(folder)/frames.csv", "\(heading)\(sequence.frameCount),\(image.frame)\n"),
        ]
    }

    mutating func end(pass: Int) -> [FileFragment] { self.closing }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        var counts: [String: Int] = [:]
        return images.map { image in
            guard image.augmentation == nil else { return nil }
            let folder = Self.folder(of: image)
            let number = counts[folder, default: 0] + 1
            counts[folder] = number
            let digits = String(number)
            return "\(folder)/img1/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).jpg"
        }
    }

    private static func folder(of image: DatasetImage) -> String { "\(image.split.name)/\(image.taskId)" }

    /// What is known of the task's sequences once its last picture was seen.
    private var closing: [FileFragment] {
        self.sequences.sorted { $0.key < $1.key }.flatMap { self.closing(of: $0.key, $0.value) }
    }

    private func closing(of folder: String, _ sequence: Sequence) -> [FileFragment] {
        let image = sequence.first
        let lines = [
            "[Sequence]", "name=\(image.taskId)", "imDir=img1", "frameRate=\(image.frameRate)",
            "seqLength=\(sequence.frameCount)", "imWidth=\(image.canvas.width)", "imHeight=\(image.canvas.height)",
            "imExt=.jpg",
        ]
        return [
            FileFragment("\(folder)/seqinfo.ini", lines.joined(separator: "\n") + "\n"),
            FileFragment("\(folder)/gt/labels.txt", self.classes.text),
        ]
    }
}
