internal import Domain

/// COCO's instances, one file for each split.
///
/// Source: <https://cocodataset.org/#format-data>. Ids count from 1; a class's category is its number plus 1.
struct COCOWriter: FormatWriter {
    let classes: ClassList
    /// First the pictures of the files, then their boxes.
    let passCount = 2
    private var imageId = 0
    private var boxId = 0
    private var started: [Set<DatasetSplit>] = [[], []]

    init(classes: ClassList) { self.classes = classes }

    mutating func begin(pass: Int) -> [FileFragment] {
        self.imageId = 0
        return []
    }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        self.imageId += 1
        return pass == 0 ? [self.piece(self.picture(image), image.split, pass)] : self.boxes(of: image)
    }

    mutating func end(pass: Int) -> [FileFragment] {
        guard pass == 1 else { return [] }
        return self.started[0].sorted { $0.rawValue < $1.rawValue }.map { split in
            let closing = self.started[1].contains(split) ? "\n]}\n" : "],\n\"annotations\":[]}\n"
            return FileFragment(Self.file(split), closing)
        }
    }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        images.map { "images/\($0.split.name)/\($0.name).jpg" }
    }

    private static func file(_ split: DatasetSplit) -> String { "annotations/instances_\(split.name).json" }

    /// A member of the list that the pass fills; the first one opens it.
    private mutating func piece(_ text: String, _ split: DatasetSplit, _ pass: Int) -> FileFragment {
        let isFirst = self.started[pass].insert(split).inserted
        let opening =
            switch (isFirst, pass) {
            case (false, _): ",\n"
            case (true, 0): self.header + "\"images\":[\n"
            case (true, _): "],\n\"annotations\":[\n"
            }
        return FileFragment(Self.file(split), opening + text)
    }

    private var header: String {
        let categories = self.classes.names.enumerated().map { number, name in
            "{\"id\":\(number + 1),\"name\":\(JSONText.string(name)),\"supercategory\":\"\"}"
        }
        return "{\"info\":{},\"licenses\":[],\n\"categories\":[\(categories.joined(separator: ","))],\n"
    }

    private func picture(_ image: DatasetImage) -> String {
        "{\"file_name\":\"\(image.name).jpg\",\"height\":\(image.canvas.height),\"id\":\(self.imageId),"
            + "\"width\":\(image.canvas.width)}"
    }

    private mutating func boxes(of image: DatasetImage) -> [FileFragment] {
        image.boxes.map { classified in
            self.boxId += 1
            let box = classified.box
            var attributes = classified.labelled.attributes
            attributes["track_id"] = classified.labelled.trackId.map { ["\($0)"] }
            let text =
                "{\"area\":\(FixedPoint.text(box.area, decimals: 3)),\"attributes\":\(JSONText.object(attributes)),"
                + "\"bbox\":\(JSONText.array([box.x, box.y, box.width, box.height])),"
                + "\"category_id\":\(classified.classNumber + 1),\"id\":\(self.boxId),\"image_id\":\(self.imageId),"
                // A box is no outline: readers would take a polygon for a second annotation.
                + "\"iscrowd\":0,\"segmentation\":[]}"
            return self.piece(text, image.split, 1)
        }
    }
}
