import Glibc

/// A SoftHSM2 token in a workspace's own folder, which nobody else sees.
///
/// Its URIs are put together from two variables: `"$TOKEN;object=NAME$MODULE"`.
enum TestToken {
    static let pin = "TEST PIN 4711"

    static func make(in workspace: Workspace) throws {
        let folder = workspace.folder
        try workspace.write(
            "directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
            to: "softhsm2.conf")
        try workspace.write(pin + "\n", to: "pin")
        chmod("\(folder)/pin", 0o600)
        workspace.variables["SOFTHSM2_CONF"] = "\(folder)/softhsm2.conf"
        workspace.variables["TOKEN"] = "pkcs11:token=KIF"
        workspace.variables["MODULE"] = "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:\(folder)/pin"
        let made = try workspace.shell(
            "mkdir tokens && softhsm2-util --init-token --free --label KIF --so-pin 'TEST SO PIN' --pin '\(pin)'")
        guard made.status == 0 else { throw HarnessError("no token could be made: \(made.standardError)") }
    }
}
