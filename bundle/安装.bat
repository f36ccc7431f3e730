@echo off
chcp 936 >nul
setlocal
pushd "%~dp0"
title 积分分析:安装

rem 要 64 位的 Python 3.11、3.12 或 3.13:先问 py,再问 python。
set "FIT=import sys, sysconfig; sys.exit(sysconfig.get_platform() != 'win-amd64' or not (3, 11) <= sys.version_info[:2] <= (3, 13))"
set "PY="
for %%P in ("py -3.13" "py -3.12" "py -3.11" "python" "python3") do call :try %%~P
if not defined PY goto nopython

rem 程序库里有很深的文件夹,Windows 的路径最长 259 个字符。
%PY% -c "import os, sys; sys.exit(len(os.getcwd()) > 80)" || goto toolong

echo 用 %PY% 安装到本文件夹的 env 中,约需几分钟……
if not exist env\Scripts\python.exe %PY% -m venv env || goto failed
env\Scripts\python.exe -m pip install --no-index --no-deps --quiet --no-warn-script-location --disable-pip-version-check -r wheels.txt || goto failed
env\Scripts\python.exe -m jifen_analysis.cli schemes >nul || goto failed
echo.
echo 安装完成。以后双击“启动.bat”。
goto end

:try
if defined PY exit /b
%* -c "%FIT%" >nul 2>nul && set "PY=%*"
exit /b

:nopython
echo 没有找到 64 位的 Python 3.11、3.12 或 3.13。
echo 请向本单位信息部门索取 Python 安装程序,选“仅为当前用户安装”,不需要管理员权限;装好后再双击本文件。
goto end

:toolong
echo 本文件夹的路径太长:%~dp0
echo 请把整个文件夹移到短一些的位置,例如 D:\积分分析,再双击本文件。
goto end

:failed
echo.
echo 没有装成。请把上面的文字拍下来,连同“说明.txt”交给技术人员;删去 env 文件夹后可以重新安装。

:end
popd
pause
