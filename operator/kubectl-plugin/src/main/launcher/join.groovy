// Puts the launcher in front of the jar: one file that is put on PATH and run.
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

def target = Path.of(project.build.directory)
def launchers = Path.of(project.basedir.path, 'src/main/launcher')
def executable = target.resolve('kubectl-pptp')
Files.newOutputStream(executable).withStream { out ->
    Files.copy(launchers.resolve('kubectl-pptp.sh'), out)
    Files.copy(target.resolve("${project.build.finalName}.jar"), out)
}
def completion = target.resolve('kubectl_complete-pptp')
Files.write(completion, Files.readAllBytes(launchers.resolve('kubectl_complete-pptp.sh')))
[executable, completion].each { Files.setPosixFilePermissions(it, PosixFilePermissions.fromString('rwxr-xr-x')) }
