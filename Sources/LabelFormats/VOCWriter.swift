package import Domain

/// Pascal VOC: an XML file for each picture, and lists of the pictures of each split.
///
/// Source: <http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html>. Corners are in pixels from 0 with
/// decimals, as today's tools write and read them.
struct VOCWriter: FormatWriter {
    /// Class names as the list of labels can hold them, by class number.
    private let names: [String]

    init(classes: ClassList) { self.names = Self.labelNames(classes.names) }

    mutating func begin(pass: Int) -> [FileFragment] {
        // A form that Datumaro and CVAT read: label, colour, parts, actions.
        let lines = self.names.map { "\($0):::\n" }
        return [FileFragment("labelmap.txt", "# label:color_rgb:parts:actions\n" + lines.joined())]
    }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        [
            FileFragment("Annotations/\(image.name).xml", self.annotation(of: image)),
            FileFragment("ImageSets/Main/\(image.split.name).txt", "\(image.name)\n"),
        ]
    }

    mutating func end(pass: Int) -> [FileFragment] { [] }

    /// The list of labels separates fields by colons and begins comments with `#`, and has no way to quote them: both
    /// become `_` here and in the annotations, and names that would be equal then get a number.
    static func labelNames(_ names: [String]) -> [String] {
        var taken: Set<ExactText> = []
        return names.map { name in
            // By scalars: a colon with an accent after it is still a colon to those who read bytes.
            var scalars = Array(XMLText.plain(name.onOneLine).unicodeScalars).map { $0 == ":" ? "_" : $0 }
            if scalars.first == "#" { scalars[0] = "_" }
            let plain = String(String.UnicodeScalarView(scalars))
            var unique = plain
            var number = 2
            while !taken.insert(ExactText(unique)).inserted {
                unique = "\(plain)_\(number)"
                number += 1
            }
            return unique
        }
    }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        images.map { "JPEGImages/\($0.name).jpg" }
    }

    private func annotation(of image: DatasetImage) -> String {
        var lines = [
            "<annotation>", "  <folder>JPEGImages</folder>", "  <filename>\(image.name).jpg</filename>",
            "  <source><database>\(XMLText.escaped(image.taskName))</database></source>",
            "  <size><width>\(image.canvas.width)</width><height>\(image.canvas.height)</height><depth>3</depth></size>",
            "  <segmented>0</segmented>",
        ]
        for classified in image.boxes {
            let box = classified.box
            let sides = [("xmin", box.x), ("ymin", box.y), ("xmax", box.right), ("ymax", box.bottom)]
                .map { "<\($0.0)>\(FixedPoint.text($0.1, decimals: 3))</\($0.0)>" }
            lines += [
                "  <object>", "    <name>\(XMLText.escaped(self.names[classified.classNumber]))</name>",
                "    <pose>Unspecified</pose>", "    <truncated>0</truncated>", "    <difficult>0</difficult>",
                "    <bndbox>\(sides.joined())</bndbox>", "  </object>",
            ]
        }
        return lines.joined(separator: "\n") + "\n</annotation>\n"
    }
}

extension DatasetFormat {
    /// What files of this format have to call otherwise than the dataset does: a sentence for each class.
    package func problems(classes: ClassList) -> [String] {
        guard self == .voc else { return [] }
        return zip(classes.names, VOCWriter.labelNames(classes.names)).compactMap { name, written in
            guard ExactText(name) != ExactText(written) else { return nil }
            return "The form VOC has \(JSONText.string(written)) for the class \(JSONText.string(name)): "
                + "its list of labels cannot hold colons, line breaks and the like."
        }
    }
}
