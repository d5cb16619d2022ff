import Glibc

/// How a program that used C libraries with threads of their own ends.
enum ProcessExit {
    /// Ends the process without the libraries' exit handlers, once standard output is written.
    ///
    /// libmongoc's monitoring threads may be inside a TLS handshake when `main` returns; OpenSSL's exit handler would
    /// free what they use, and the program would end with SIGSEGV instead of its status. Call it after the libraries
    /// have started: exit handlers run in the reverse order of their registration, so this one runs first and last.
    static func skipLibraryHandlers() { _ = self.registered }

    private static let registered: Void = {
        unsafe on_exit(
            { status, _ in
                fflush(nil)
                _exit(status)
            }, nil)
    }()
}
