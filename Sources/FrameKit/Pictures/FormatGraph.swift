/// A filter graph that serves as long as pictures come in the same format, and is made again when they do not.
struct FormatGraph: ~Copyable {
    private var format: PictureFormat?
    private var graph: FilterGraph?

    /// The filtered picture.
    ///
    /// - Parameter filters: describes the graph for pictures of one format, in FFmpeg's syntax
    ///   (<https://ffmpeg.org/ffmpeg-filters.html>); always the same for the same format.
    mutating func run(
        _ picture: borrowing Frame, _ filters: (PictureFormat) -> String
    ) throws(MediaError) -> Frame {
        let format = picture.format
        if self.graph == nil || self.format != format {
            self.graph = try FilterGraph.make(filters(format), for: format)
            self.format = format
        }
        guard let filtered = try self.graph?.run(picture) else { preconditionFailure("the graph was just made") }
        return filtered
    }
}
