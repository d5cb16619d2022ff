internal import Domain

/// Datumaro's own format: one JSON file for each split.
///
/// Source: <https://openvinotoolkit.github.io/datumaro/latest/docs/data-formats/formats/datumaro.html>.
struct DatumaroWriter: FormatWriter {
    let classes: ClassList
    private var started: Set<DatasetSplit> = []
    private var boxId = 0
    /// Over all tasks: readers take pictures of one number for one picture.
    private var itemNumber = 0

    init(classes: ClassList) { self.classes = classes }

    mutating func begin(pass: Int) -> [FileFragment] { [] }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        let opening = self.started.insert(image.split).inserted ? self.header : ",\n"
        let annotations = image.boxes.map { self.annotation($0) }.joined(separator: ",")
        let text =
            "{\"id\":\"\(image.name)\",\"annotations\":[\(annotations)],\"attr\":{\"frame\":\(self.itemNumber),"
            + "\"task\":\"\(image.taskId)\",\"task_frame\":\(image.frame)},"
            + "\"image\":{\"path\":\"\(image.name).jpg\",\"size\":[\(image.canvas.height),\(image.canvas.width)]}}"
        self.itemNumber += 1
        return [FileFragment(Self.file(image.split), opening + text)]
    }

    mutating func end(pass: Int) -> [FileFragment] {
        self.started.sorted { $0.rawValue < $1.rawValue }.map { FileFragment(Self.file($0), "\n]}\n") }
    }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        images.map { "images/\($0.split.name)/\($0.name).jpg" }
    }

    private static func file(_ split: DatasetSplit) -> String { "annotations/\(split.name).json" }

    private var header: String {
        let labels = self.classes.names.map {
            "{\"name\":\(JSONText.string($0)),\"parent\":\"\",\"attributes\":[]}"
        }
        return "{\"info\":{},\n\"categories\":{\"label\":{\"labels\":[\(labels.joined(separator: ","))],"
            + "\"attributes\":[]}},\n\"items\":[\n"
    }

    private mutating func annotation(_ classified: ClassifiedBox) -> String {
        self.boxId += 1
        let box = classified.box
        var attributes = classified.labelled.attributes
        attributes["track_id"] = classified.labelled.trackId.map { ["\($0)"] }
        return "{\"id\":\(self.boxId),\"type\":\"bbox\",\"attributes\":\(JSONText.object(attributes)),\"group\":0,"
            + "\"label_id\":\(classified.classNumber),\"z_order\":0,"
            + "\"bbox\":\(JSONText.array([box.x, box.y, box.width, box.height]))}"
    }
}
