@echo off
rem Starts the plugin on Windows.
where node >nul 2>nul
if errorlevel 1 (
    echo pulumi-resource-bucket-encryption needs Node.js 20.19 or later, and there is no node on the PATH. Install Node.js ^(https://nodejs.org^), or add its folder to the PATH of the process that runs pulumi. 1>&2
    exit /b 1
)
node "%~dp0start.js" %*
