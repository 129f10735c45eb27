import Glibc
import PaymentCrypto

Process.keepSecretsOutOfCrashes()
Process.keepStandardDescriptorsTaken()
Process.prepareSecretMemory()
let status = Program.run(Array(CommandLine.arguments.dropFirst()))
LockedArena.wipe()
exit(status.rawValue)
