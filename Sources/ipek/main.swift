import Glibc

Process.keepSecretsOutOfCrashes()
exit(Program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
