internal import CFFmpeg

/// An operation on pictures in the words of libavfilter, such as `hflip` or `rotate=PI/6`. Keeps what it needs for the
/// next picture of the same format.
///
/// Used by one thread at a time.
package struct PictureFilter: ~Copyable {
    private let filters: String
    private var graph = FormatGraph()

    /// - Parameter filters: a chain or graph with one input and one output that gives one picture for each, in FFmpeg's
    ///   syntax (<https://ffmpeg.org/ffmpeg-filters.html>). Words of the program, never of a request: some filters read
    ///   files.
    /// - Throws: ``MediaError/Code/encoderFailure`` for an unknown filter or option and for another number of inputs or
    ///   outputs.
    package init(_ filters: String) throws(MediaError) {
        try Self.check(filters)
        self.filters = filters
    }

    /// The changed picture, of whatever size the filters give it.
    ///
    /// - Throws: ``MediaError/Code/encoderFailure`` when the filters do not suit a picture of this size,
    ///   ``MediaError/Code/outOfMemory``.
    package mutating func apply(to picture: Picture) throws(MediaError) -> Picture {
        let filters = self.filters
        return try Picture(showing: self.graph.run(picture.frame) { _ in filters })
    }

    /// Parses the description without a picture: sizes are known only later.
    private static func check(_ filters: String) throws(MediaError) {
        LibraryLog.install()
        var graph = try unsafe MediaError.allocated(avfilter_graph_alloc(), by: "avfilter_graph_alloc") as Optional
        var inputs: UnsafeMutablePointer<AVFilterInOut>?
        var outputs: UnsafeMutablePointer<AVFilterInOut>?
        defer {
            unsafe avfilter_inout_free(&inputs)
            unsafe avfilter_inout_free(&outputs)
            unsafe avfilter_graph_free(&graph)
        }
        try unsafe MediaError.check(
            avfilter_graph_parse2(graph, filters, &inputs, &outputs), from: "avfilter_graph_parse2",
            while: "preparing the conversion of pictures", otherwise: .encoderFailure)
        guard unsafe self.isSingle(inputs), unsafe self.isSingle(outputs) else {
            throw MediaError(
                .encoderFailure, "the conversion of pictures has not exactly one input and one output",
                from: "avfilter_graph_parse2")
        }
    }

    private static func isSingle(_ list: UnsafeMutablePointer<AVFilterInOut>?) -> Bool {
        guard let first = unsafe list else { return false }
        return unsafe first.pointee.next == nil
    }
}
