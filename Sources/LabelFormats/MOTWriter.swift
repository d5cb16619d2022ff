internal import Domain

/// MOTChallenge: a sequence for each task and split, with the tracks of its objects.
///
/// Source: <https://motchallenge.net/instructions/>. Lines are `frame,track,left,top,width,height,1,class,visibility`;
/// frames keep their number in the task, classes count from 1, and a box without a track has −1. The length of a sequence is
/// its highest frame number, so frames that the version leaves out are gaps. Augmented pictures belong to no sequence.
struct MOTWriter: FormatWriter {
    let classes: ClassList
    /// Of the present task, the picture with the highest frame number in each folder.
    private var last: [String: DatasetImage] = [:]

    init(classes: ClassList) { self.classes = classes }

    mutating func begin(pass: Int) -> [FileFragment] { [] }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        guard image.augmentation == nil else { return [] }
        let folder = self.folder(of: image)
        var closing: [FileFragment] = []
        if self.last.values.first.map({ $0.taskId != image.taskId }) ?? false {
            closing = self.closing
            self.last = [:]
        }
        if image.frame >= self.last[folder]?.frame ?? 0 { self.last[folder] = image }
        let lines = image.boxes.map { classified in
            let box = classified.box
            let sides = [box.x, box.y, box.width, box.height].map { FixedPoint.text($0, decimals: 3) }
            return "\(image.frame),\(classified.labelled.trackId ?? -1),\(sides.joined(separator: ",")),1,"
                + "\(classified.classNumber + 1),1\n"
        }
        return closing + [FileFragment("\(folder)/gt/gt.txt", lines.joined())]
    }

    mutating func end(pass: Int) -> [FileFragment] { self.closing }

    func path(of image: DatasetImage) -> String? {
        guard image.augmentation == nil else { return nil }
        let digits = String(image.frame)
        let padding = String(repeating: "0", count: max(0, 6 - digits.count))
        return "\(self.folder(of: image))/img1/\(padding)\(digits).jpg"
    }

    private func folder(of image: DatasetImage) -> String { "\(image.split.name)/\(image.taskId)" }

    /// What is known of the task's sequences once its last picture was seen.
    private var closing: [FileFragment] {
        self.last.sorted { $0.key < $1.key }.flatMap { self.closing(of: $0.key, last: $0.value) }
    }

    private func closing(of folder: String, last image: DatasetImage) -> [FileFragment] {
        let lines = [
            "[Sequence]", "name=\(image.taskId)", "imDir=img1", "frameRate=\(image.frameRate)",
            "seqLength=\(image.frame)", "imWidth=\(image.canvas.width)", "imHeight=\(image.canvas.height)",
            "imExt=.jpg",
        ]
        return [
            FileFragment("\(folder)/seqinfo.ini", lines.joined(separator: "\n") + "\n"),
            FileFragment("\(folder)/gt/labels.txt", self.classes.text),
        ]
    }
}
