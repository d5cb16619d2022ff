internal import Domain

/// CVAT for images 1.1: one XML file with all pictures. Their names begin with their split; readers take the attribute
/// `subset` for that of the whole file, so it is left out.
///
/// Source: <https://docs.cvat.ai/docs/manual/advanced/xml_format/>.
struct CVATWriter: FormatWriter {
    let classes: ClassList
    private var imageId = 0

    private static let file = "annotations.xml"

    init(classes: ClassList) { self.classes = classes }

    mutating func begin(pass: Int) -> [FileFragment] {
        let labels = self.classes.names.map {
            "        <label><name>\(XMLText.escaped($0))</name><attributes></attributes></label>\n"
        }
        let opening = """
            <?xml version="1.0" encoding="utf-8"?>
            <annotations>
              <version>1.1</version>
              <meta>
                <task>
                  <labels>
            \(labels.joined())      </labels>
                </task>
              </meta>

            """
        return [FileFragment(Self.file, opening)]
    }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        defer { self.imageId += 1 }
        let opening =
            "  <image id=\"\(self.imageId)\" name=\"\(image.split.name)/\(image.name).jpg\""
            + " width=\"\(image.canvas.width)\" height=\"\(image.canvas.height)\">\n"
        return [FileFragment(Self.file, opening + image.boxes.map(self.box).joined() + "  </image>\n")]
    }

    mutating func end(pass: Int) -> [FileFragment] { [FileFragment(Self.file, "</annotations>\n")] }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        images.map { "images/\($0.split.name)/\($0.name).jpg" }
    }

    private func box(_ classified: ClassifiedBox) -> String {
        let box = classified.box
        let sides = [("xtl", box.x), ("ytl", box.y), ("xbr", box.right), ("ybr", box.bottom)]
            .map { "\($0.0)=\"\(FixedPoint.text($0.1, decimals: 3))\"" }
        let attributes = classified.labelled.attributes.sorted { $0.key < $1.key }.map {
            "      <attribute name=\"\(XMLText.escaped($0.key))\">"
                + "\(XMLText.escaped($0.value.joined(separator: ",")))</attribute>\n"
        }
        let label = XMLText.escaped(self.classes.names[classified.classNumber])
        return
            "    <box label=\"\(label)\" occluded=\"0\" source=\"\(classified.labelled.confidence == nil ? "manual" : "auto")\""
            + " \(sides.joined(separator: " ")) z_order=\"0\">\n\(attributes.joined())    </box>\n"
    }
}
