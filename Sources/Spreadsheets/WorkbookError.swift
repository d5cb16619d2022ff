internal import CXLSXWriter

/// Why a workbook could not be written.
package struct WorkbookError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One plain sentence.
    package let message: String
    /// The function of libxlsxwriter that failed.
    package let call: String
    /// libxlsxwriter's `lxw_error`; 0 where it gave none.
    package let status: Int

    init(_ message: String, from call: String, status: Int = 0) {
        self.message = message
        self.call = call
        self.status = status
    }

    package var description: String { "\(self.message) [\(self.call), \(self.status)]" }

    static func check(_ status: lxw_error, from call: String) throws(WorkbookError) {
        guard status != LXW_NO_ERROR else { return }
        let reason = unsafe String(cString: lxw_strerror(status))
        throw WorkbookError("the workbook cannot be written: \(reason)", from: call, status: Int(status.rawValue))
    }
}
